package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.ANY_TEXT;
import static io.lockgate.config.hocon.ValueTypes.DURATION;
import static io.lockgate.config.hocon.ValueTypes.SWITCH;
import static io.lockgate.config.hocon.ValueTypes.integer;

import io.lockgate.config.hocon.Shape.FieldMap;
import io.lockgate.config.hocon.Shape.ListOf;
import io.lockgate.config.hocon.Shape.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** The keys of {@code alerts}, and of the objectives of a host. */
final class AlertsSchema {
  private static final ValueType OBJECTIVE = new ValueType("percent", AlertsSchema::parseObjective);
  private static final ValueType INSTANT = new ValueType("time", AlertsSchema::parseInstant);
  static final ValueType HTTP_URL = new ValueType("URL", AlertsSchema::parseUrl);
  private static final int MOST_PORT = 65_535;
  private static final ValueType LABEL_NAME = new ValueType("label name", AlertsSchema::parseLabel);
  private static final FieldMap LABELS =
      new FieldMap(LABEL_NAME, new Scalar(ANY_TEXT), "texts by label name");

  /** Of a host. */
  static final Section OBJECTIVES =
      Section.of(
          Key.of(
                  "handshakes",
                  new Scalar(OBJECTIVE),
                  "Of the handshakes begun in earnest, the share that should succeed.")
              .noting("alerts.objectives.handshakes"),
          Key.of(
                  "requests",
                  new Scalar(OBJECTIVE),
                  "Of the requests, the share that should not be answered with 5xx.")
              .noting("alerts.objectives.requests"));

  static final Section ALERTS =
      Section.of(
          Key.of("enabled", new Scalar(SWITCH), "Whether it is looked for alerts.").or("on"),
          Key.section(
              "objectives",
              Section.of(
                  Key.of(
                          "handshakes",
                          new Scalar(OBJECTIVE),
                          "Of the handshakes begun in earnest, the share that should succeed.")
                      .or("99.9%"),
                  Key.of(
                          "requests",
                          new Scalar(OBJECTIVE),
                          "Of the requests, the share that should not be answered with 5xx.")
                      .or("99.9%")),
              "Over 30 days, for every host that has no objectives of its own."),
          Key.of(
                  "min-failures",
                  new Scalar(integer(1, 1_000_000)),
                  "Fewer failures than this, within an hour for a page or six for a ticket, are no"
                      + " alert.")
              .or("10"),
          Key.of(
                  "silences",
                  new ListOf(
                      Section.of(
                          Key.of(
                                  "match",
                                  LABELS,
                                  "Labels an alert must have, alertname and severity among them.")
                              .or(),
                          Key.of("from", new Scalar(INSTANT), "Such as 2030-01-31T22:00:00Z.")
                              .required(),
                          Key.of("until", new Scalar(INSTANT), "When it ends.").required(),
                          Key.of("comment", new Scalar(ANY_TEXT), "What it is for.").or(""))),
                  "Times of maintenance, in which alerts are shown and nobody is told.")
              .or(),
          Key.of(
              "webhook",
              Section.of(
                  Key.of(
                          "url",
                          new Scalar(HTTP_URL),
                          "Of Alertmanager: http://HOST:9093/api/v2/alerts.")
                      .hidden()
                      .required(),
                  Key.of(
                          "repeat-every",
                          new Scalar(DURATION),
                          "How often an alert that goes on is sent again.")
                      .or("1m"),
                  Key.of("timeout", new Scalar(DURATION), "For an answer.").or("5s"),
                  Key.of("labels", LABELS, "Added to every alert, such as an instance.").or()),
              "Who is told, by POST in the form of Alertmanager's API v2."));

  private AlertsSchema() {}

  private static Parsed parseObjective(String text) {
    Parsed parsed = ValueTypes.finePercent().parse(text);
    if (parsed instanceof Parsed.Good good) {
      double percent = (Double) good.value();
      if (percent < 50 || percent > 99.9999) {
        return Parsed.bad(
            "out-of-range",
            text + " is out of range",
            "from 50% to 99.9999%; something has to be allowed to fail");
      }
    }
    return parsed;
  }

  private static Parsed parseInstant(String text) {
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return Parsed.good(instant);
    } catch (DateTimeParseException e) {
      return Parsed.bad(
          "bad-time",
          Quoted.inMessage(text) + " is not a time",
          "write it as 2030-01-31T22:00:00Z or 2030-01-31T23:00:00+01:00");
    }
  }

  private static Parsed parseUrl(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getPort() <= MOST_PORT
          && uri.getFragment() == null) {
        return Parsed.good(uri);
      }
    } catch (URISyntaxException e) {
      return notUrl(text);
    }
    return notUrl(text);
  }

  private static Parsed notUrl(String text) {
    return Parsed.bad(
        "bad-url",
        Quoted.inMessage(text) + " is not a URL",
        "http://HOST:PORT/PATH or https://HOST/PATH");
  }

  private static Parsed parseLabel(String text) {
    return text.matches("[a-zA-Z_][a-zA-Z0-9_]{0,63}")
        ? Parsed.good(text)
        : Parsed.bad(
            "bad-name",
            Quoted.inMessage(text) + " cannot be a label",
            "letters, digits and underscores");
  }
}

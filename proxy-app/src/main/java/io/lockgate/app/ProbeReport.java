package io.lockgate.app;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a probe has found so far, and how it is told. Filled by one {@link Probe}. */
final class ProbeReport {
  /** What a probe does, in order. */
  enum Step {
    RESOLVE,
    CONNECT,
    HANDSHAKE,
    CERTIFICATE,
    REQUEST;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Step, Long> micros = new EnumMap<>(Step.class);
  private final Map<Step, String> failures = new EnumMap<>(Step.class);
  String address = "";
  String version = "";
  String cipher = "";
  String protocol = "";
  List<X509Certificate> chain = List.of();
  boolean stapled;
  boolean resumed;

  /** The server speaks HTTP/2 alone, which a probe does not: no request was made. */
  boolean onlyHttp2;

  int status;

  void took(Step step, long nanos) {
    micros.put(step, nanos / 1000);
  }

  void failed(Step step, String sentence) {
    failures.putIfAbsent(step, sentence);
  }

  boolean good() {
    return failures.isEmpty();
  }

  /** For people: a line for each thing that is known, then what is wrong. */
  String text(Instant now) {
    StringBuilder text = new StringBuilder();
    line(text, "address", address);
    if (!version.isEmpty()) {
      line(text, "tls", version + " " + cipher);
      line(text, "alpn", protocol.isEmpty() ? "none" : protocol);
      line(text, "resumed", resumed ? "yes" : "no: the second connection had a full handshake");
      line(text, "staple", stapled ? "yes" : "no");
    }
    for (X509Certificate certificate : chain) {
      line(text, "certificate", subject(certificate) + ", " + daysLeft(certificate, now));
    }
    if (status > 0) {
      line(text, "status", Integer.toString(status));
    }
    if (onlyHttp2) {
      line(text, "status", "not asked for: the server speaks HTTP/2 only");
    }
    micros.forEach((step, took) -> line(text, step.label(), millis(took)));
    failures.forEach((step, sentence) -> line(text, "failed", step.label() + ": " + sentence));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append("%-12s %s%n".formatted(name, value));
    }
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
  }

  private static String subject(X509Certificate certificate) {
    return printable(certificate.getSubjectX500Principal().getName());
  }

  private static String daysLeft(X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    long days = Duration.between(now, end).toDays();
    return end.isBefore(now) ? "expired at " + end : "until " + end + " (" + days + " days)";
  }

  /** One document. */
  String json(Instant now) {
    JsonText json = new JsonText().beginObject();
    json.name("good").value(good());
    json.name("address").value(address);
    json.name("tls_version").value(version);
    json.name("tls_cipher").value(cipher);
    json.name("alpn").value(protocol);
    json.name("resumed").value(resumed);
    json.name("stapled").value(stapled);
    json.name("status").value(status);
    json.name("certificates").beginArray();
    for (X509Certificate certificate : chain) {
      Instant end = certificate.getNotAfter().toInstant();
      json.beginObject();
      json.name("subject").value(subject(certificate));
      json.name("not_after").value(end.toString());
      json.name("days_left").value(Duration.between(now, end).toDays());
      json.endObject();
    }
    json.endArray();
    json.name("duration_us").beginObject();
    micros.forEach((step, took) -> json.name(step.label()).value(took));
    json.endObject();
    json.name("failures").beginArray();
    failures.forEach(
        (step, sentence) ->
            json.beginObject()
                .name("step")
                .value(step.label())
                .name("reason")
                .value(sentence)
                .endObject());
    return json.endArray().endObject().toString();
  }

  /** What a stranger wrote, made fit for a terminal. */
  static String printable(String text) {
    String cut = text.length() > 200 ? text.substring(0, 200) + "..." : text;
    return cut.replaceAll("[^ -~]", "?");
  }
}

package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.integer;

import io.lockgate.config.hocon.Shape.Scalar;
import io.lockgate.config.model.RequestLimit;
import java.util.Locale;

/** The keys of a limit on requests, and what they mean together. */
final class RequestLimits {
  private static final String HEADER = "header:";

  static final Section SECTION =
      Section.of(
          Key.of(
                  "requests-per-second",
                  new Scalar(ValueTypes.RATE),
                  "Requests of one key a second, on the whole; 0 means no bound.")
              .or("0"),
          Key.of(
                  "burst",
                  new Scalar(integer(1, Schema.ANY)),
                  "How many may come at once after a quiet time.")
              .noting("requests-per-second, rounded up"),
          Key.of(
                  "in-flight",
                  new Scalar(integer(0, Schema.ANY)),
                  "Requests of one key that are not answered yet; 0 means no bound.")
              .or("0"),
          Key.of(
                  "key",
                  new Scalar(
                      new ValueType(
                          "client-ip | header:NAME | client-certificate | route",
                          RequestLimits::parseKey)),
                  "Which requests are counted together. Those without that field or certificate"
                      + " count by the client's address.")
              .or("client-ip"));

  /** Stands in for one that had to be refused. */
  private static final RequestLimit NEVER_USED =
      new RequestLimit(1, 1, 0, new RequestLimit.Key.ClientAddress());

  private RequestLimits() {}

  private static Parsed parseKey(String text) {
    if (text.startsWith(HEADER)) {
      Parsed name = NetworkTypes.FIELD_NAME.parse(text.substring(HEADER.length()));
      return name instanceof Parsed.Good good
          ? Parsed.good(
              new RequestLimit.Key.Field(((String) good.value()).toLowerCase(Locale.ROOT)))
          : name;
    }
    return switch (text) {
      case "client-ip" -> Parsed.good(new RequestLimit.Key.ClientAddress());
      case "client-certificate" -> Parsed.good(new RequestLimit.Key.ClientCertificate());
      case "route" -> Parsed.good(new RequestLimit.Key.Everything());
      default ->
          Parsed.bad(
              "unknown-value",
              Quoted.inMessage(text) + " is not known here",
              "one of: client-ip, \"header:NAME\", client-certificate, route");
    };
  }

  /** What a route says about it. */
  static RequestLimit.Choice choice(Reading reading, Block route) {
    if (!route.has("limit")) {
      return new RequestLimit.Choice.Common();
    }
    return route
        .maybeBlock("limit")
        .<RequestLimit.Choice>map(block -> new RequestLimit.Choice.Own(read(reading, block)))
        .orElseGet(RequestLimit.Choice.Unlimited::new);
  }

  static RequestLimit read(Reading reading, Block limit) {
    double rate = limit.maybe("requests-per-second", Double.class).orElse(0.0);
    int inFlight = limit.integer("in-flight");
    boolean rateRefused =
        limit.has("requests-per-second")
            && limit.maybe("requests-per-second", Double.class).isEmpty();
    if (rateRefused) {
      return NEVER_USED;
    } else if (rate == 0 && inFlight == 0) {
      reading.error(
          "empty-limit",
          limit,
          limit.place().path() + " bounds nothing",
          "give it requests-per-second, in-flight or both");
    } else if (rate == 0 && limit.has("burst")) {
      reading.error(
          "conflicting-keys",
          limit.pathOf("burst"),
          limit.originOf("burst"),
          limit.place().path() + ": burst means nothing without requests-per-second",
          "");
    }
    int burst =
        limit.maybe("burst", Integer.class).orElseGet(() -> (int) Math.max(1, Math.ceil(rate)));
    return new RequestLimit(
        rate,
        burst,
        inFlight,
        limit.maybe("key", RequestLimit.Key.class).orElseGet(RequestLimit.Key.ClientAddress::new));
  }
}

package io.lockgate.config.model;

/**
 * How many requests of one key are let through; what is beyond is answered with 429.
 *
 * @param requestsPerSecond 0 means no bound
 * @param burst how many may come at once after a quiet time; at least 1 where there is a rate
 * @param inFlight requests that have begun and not ended; 0 means no bound
 * @param key which requests are counted together
 */
public record RequestLimit(double requestsPerSecond, int burst, int inFlight, Key key) {

  /** What requests have in common that are counted together. */
  public sealed interface Key {
    /** The client's address, of IPv6 its /64. */
    record ClientAddress() implements Key {}

    /** The value of a field of the request; requests without it count by the client's address. */
    record Field(String name) implements Key {}

    /** The client's certificate; requests without one count by the client's address. */
    record ClientCertificate() implements Key {}

    /** All requests that the limit is for. */
    record Everything() implements Key {}
  }

  /** Which limit a route is under. */
  public sealed interface Choice {
    /** That of all routes that say nothing about it. */
    record Common() implements Choice {}

    /** None at all. */
    record Unlimited() implements Choice {}

    /** One of its own. */
    record Own(RequestLimit limit) implements Choice {}
  }
}

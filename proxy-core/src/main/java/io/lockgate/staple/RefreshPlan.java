package io.lockgate.staple;

import io.lockgate.pki.ocsp.StatusResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * When to ask a responder again. Always a little early by chance, so that certificates issued
 * together, or servers started together, do not ask together for ever.
 */
final class RefreshPlan {
  static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  static final Duration LAST_RETRY = Duration.ofMinutes(10);

  /** However short the life of responses, a responder is not asked more often. */
  static final Duration SHORTEST = Duration.ofSeconds(10);

  private static final double SPREAD = 0.1;

  private final DoubleSupplier random;

  /**
   * @param random evenly from 0 to 1
   */
  RefreshPlan(DoubleSupplier random) {
    this.random = random;
  }

  /** After a response: at a share of its life, or of what is left of it where that has passed. */
  Instant afterResponse(StatusResponse response, int percent, Instant now) {
    Instant wanted = wanted(response, percent);
    if (!wanted.isAfter(now)) {
      wanted = now.plus(share(Duration.between(now, response.nextUpdate()), percent));
    }
    Duration wait = early(Duration.between(now, wanted));
    return now.plus(wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait);
  }

  /** When a share of a response's life has passed. */
  static Instant wanted(StatusResponse response, int percent) {
    return response
        .thisUpdate()
        .plus(share(Duration.between(response.thisUpdate(), response.nextUpdate()), percent));
  }

  /**
   * After failures in a row: ever later, up to a bound.
   *
   * @param failures at least one
   */
  Instant afterFailure(int failures, Instant now) {
    return now.plus(early(doubled(FIRST_RETRY, failures - 1)));
  }

  static Duration doubled(Duration first, int times) {
    Duration wait = first.multipliedBy(1L << Math.min(times, 20));
    return wait.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : wait;
  }

  private static Duration share(Duration whole, int percent) {
    return whole.multipliedBy(percent).dividedBy(100);
  }

  private Duration early(Duration wait) {
    return wait.minusMillis((long) (wait.toMillis() * SPREAD * random.getAsDouble()));
  }
}

package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;

/**
 * How many retries an upstream may have on one event loop: a share of its requests, so that a
 * failing upstream is not buried under further attempts.
 */
final class RetryBudget {
  /** So many retries are granted in a row to an upstream with little traffic. */
  private static final double MOST_AT_ONCE = 32;

  private final double share;
  private double left;

  RetryBudget(UpstreamConfig.Retry retry) {
    this.share = retry.budgetPercent() / 100.0;
    this.left = share > 0 ? MOST_AT_ONCE : 0;
  }

  void requestCame() {
    left = Math.min(left + share, MOST_AT_ONCE);
  }

  /** Whether a retry is left, which is taken with this. */
  boolean take() {
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}

package io.lockgate.upstream;

import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.UpstreamConfig.Retry;
import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import java.time.Duration;
import java.util.Set;

/**
 * When a request may be sent again, apart from the budget, which is the upstream's. Immutable.
 *
 * @param attempts further attempts after the first
 * @param perTryNanos from a request handed to a server to the head of its response; 0 for no bound
 */
public record RetryTerms(int attempts, Set<Condition> on, long perTryNanos) {
  public static final RetryTerms NEVER = new RetryTerms(0, Set.of(), 0);

  public RetryTerms {
    on = Set.copyOf(on);
  }

  public static RetryTerms of(Retry retry) {
    return new RetryTerms(
        retry.attempts(), Set.copyOf(retry.on()), retry.perTryTimeout().toNanos());
  }

  /** These, but for what a route says itself. */
  public RetryTerms with(RouteConfig.Retry own) {
    return new RetryTerms(
        own.attempts().orElse(attempts),
        own.on().map(Set::copyOf).orElse(on),
        own.perTryTimeout().map(Duration::toNanos).orElse(perTryNanos));
  }

  /**
   * Whether a request that failed so may be sent again.
   *
   * @param retries how often it has been sent again already
   */
  public boolean allow(Condition condition, int retries) {
    return retries < attempts && on.contains(condition);
  }

  /** Whether another server is asked where one cannot be connected to. */
  public boolean connectElsewhere() {
    return allow(Condition.CONNECT_FAILURE, 0);
  }
}

package io.lockgate.exchange;

import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamFailure;

/**
 * How often a request was sent again, and whether it may be sent once more: what the route's terms
 * allow, the upstream's budget has left, and HTTP permits. Made when the first attempt has failed.
 * On the exchange's event loop only.
 */
final class Retries {
  private final Exchange exchange;
  private final Upstream upstream;
  private final SentContent sent;
  private int count;
  private boolean metStale;

  /**
   * @param sent what was sent of the request's content, as far as it is kept
   */
  Retries(Exchange exchange, Upstream upstream, SentContent sent) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.sent = sent;
  }

  int count() {
    return count;
  }

  /**
   * Counts one more, if there may be one.
   *
   * @param why the attempt before has failed
   * @param reused whether its connection had served a request before
   */
  boolean takeAfter(UpstreamFailure why, boolean reused) {
    return counted(why.untouched() ? mayAskElsewhere(why) : mayRetry(why, reused));
  }

  /** The same when a server has not begun to answer in the time of one try. */
  boolean takeAfterTryTimeout() {
    return counted(
        repeatable()
            && attemptsTaken() < exchange.route().retry().attempts()
            && upstream.takeRetry(exchange.terms().loop()));
  }

  private boolean counted(boolean taken) {
    if (taken) {
      count++;
    }
    return taken;
  }

  private boolean mayRetry(UpstreamFailure why, boolean reused) {
    return why == UpstreamFailure.CLOSED_BEFORE_RESPONSE
        && repeatable()
        && (wasStale(reused) || takeRetry(Condition.RESET_BEFORE_RESPONSE));
  }

  /**
   * RFC 9113 section 8.7: the server has not begun with it, so any method may be sent again. Once
   * for nothing where the connection was ending, as with a stale one; a server that has no room
   * would be buried under further requests without a budget.
   */
  private boolean mayAskElsewhere(UpstreamFailure why) {
    if (!exchange.awaitsResponse() || !sent.repeatable()) {
      return false;
    }
    return wasStale(why == UpstreamFailure.CONNECTION_ENDING)
        || takeRetry(Condition.REFUSED_STREAM);
  }

  private boolean takeRetry(Condition condition) {
    return exchange.route().retry().allow(condition, attemptsTaken())
        && upstream.takeRetry(exchange.terms().loop());
  }

  /** RFC 9110 section 9.2.2: only what is idempotent is sent again, and only what we still have. */
  private boolean repeatable() {
    return exchange.awaitsResponse() && exchange.method().idempotent() && sent.repeatable();
  }

  /**
   * A kept connection that closes when it is used again was closed before the request came, as a
   * rule (RFC 9112 section 9.3.1): asking again on a new one is no retry that needs permission.
   */
  private boolean wasStale(boolean reused) {
    boolean first = reused && !metStale;
    metStale |= reused;
    return first;
  }

  private int attemptsTaken() {
    return metStale ? Math.max(0, count - 1) : count;
  }
}

package io.lockgate.limit;

import io.lockgate.config.model.RequestLimit;
import java.util.concurrent.TimeUnit;

/**
 * One limit on requests: says whether a request of a key may go on. Without locks and without
 * objects on the way of a request; safe on any event loop.
 */
public final class RequestLimiter {
  /** Instead of a wait: too many requests of the key are in flight. */
  public static final long BUSY = Long.MIN_VALUE;

  private static final long LONGEST_NANOS = 1L << 61;

  private final LimitTable table;
  private final RequestLimit limit;
  private final long id;
  private final long intervalNanos;
  private final long capacityNanos;

  RequestLimiter(LimitTable table, RequestLimit limit, long id) {
    this.table = table;
    this.limit = limit;
    this.id = id;
    double interval = limit.requestsPerSecond() == 0 ? 0 : 1e9 / limit.requestsPerSecond();
    this.intervalNanos = (long) interval;
    this.capacityNanos = (long) Math.min(LONGEST_NANOS, interval * limit.burst());
  }

  /** Which requests are counted together. */
  public RequestLimit.Key key() {
    return limit.key();
  }

  /**
   * Takes a place for a request of a client.
   *
   * @param high of the client's {@link ClientNetwork}
   * @param low of the same
   * @return at least 0, then to be passed to {@link #release} once the request has ended; or {@link
   *     #BUSY}, or the negated nanoseconds until there is a place
   */
  public long take(long high, long low) {
    return take(table.hash().of(id, high, low));
  }

  /** The same for a key that is text. */
  public long take(byte[] bytes, int start, int end) {
    // Told apart from an address, or a text could be made that counts for somebody else's.
    return take(table.hash().of(~id, bytes, start, end));
  }

  /** The same where all requests are counted together. */
  public long take() {
    return take(table.hash().of(id, 0, 0));
  }

  private long take(long tag) {
    return table
        .cells()
        .take(tag == 0 ? 1 : tag, intervalNanos, capacityNanos, limit.inFlight(), table.now());
  }

  /** The request has ended. */
  public void release(long place) {
    table.cells().release((int) place);
  }

  /** What {@code Retry-After} says after a refusal. */
  public static long secondsToWait(long refusal) {
    return refusal == BUSY
        ? 1
        : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(-refusal + 999_999_999L));
  }
}

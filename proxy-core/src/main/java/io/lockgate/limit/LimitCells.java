package io.lockgate.limit;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Token buckets and counts of requests in flight, in a table whose size never changes. All event
 * loops share it without locks; a race between two of them may charge one key for the request of
 * another, and never loses or leaks a count.
 *
 * <p>A bucket is one number, the moment at which it will be full (the generic cell rate algorithm).
 * Where a set of cells is full, the bucket nearest to being full gives way and one with requests in
 * flight never does: strangers in any number displace each other, not those who are over their
 * bound.
 */
final class LimitCells {
  /** No cell was free, so the request is not counted; what {@link #release} does nothing for. */
  static final int UNCOUNTED = Integer.MAX_VALUE;

  private static final int WAYS = 8;
  private static final int TAG = 0;
  private static final int FULL_AT = 1;
  private static final int CAPACITY = 2;
  private static final int IN_FLIGHT = 3;
  private static final int WORDS = 4;

  private final AtomicLongArray words;
  private final int sets;

  /**
   * @param cells a power of two, at least 8
   */
  LimitCells(int cells) {
    this.sets = cells / WAYS;
    this.words = new AtomicLongArray(cells * WORDS);
  }

  /**
   * Takes a token and a place in flight, or neither.
   *
   * @param tag of the key, never 0
   * @param intervalNanos from one token to the next, 0 without a rate
   * @param capacityNanos that a whole bucket is worth
   * @param mostInFlight 0 without a bound
   * @param now in nanoseconds, above 0
   * @return a cell to be released, or, below 0, the negated nanoseconds until a token is there
   */
  long take(long tag, long intervalNanos, long capacityNanos, int mostInFlight, long now) {
    int cell = cellOf(tag, capacityNanos, now);
    if (cell == UNCOUNTED) {
      return UNCOUNTED;
    }
    int base = cell * WORDS;
    if (words.incrementAndGet(base + IN_FLIGHT) > mostInFlight && mostInFlight > 0) {
      release(cell);
      return RequestLimiter.BUSY;
    }
    if (intervalNanos > 0) {
      long wait = takeToken(base, intervalNanos, capacityNanos, now);
      if (wait > 0) {
        release(cell);
        return -wait;
      }
    }
    return cell;
  }

  private long takeToken(int base, long intervalNanos, long capacityNanos, long now) {
    while (true) {
      long fullAt = words.get(base + FULL_AT);
      long next = Math.max(fullAt, now) + intervalNanos;
      long wait = next - now - capacityNanos;
      if (wait > 0) {
        return wait;
      }
      if (words.compareAndSet(base + FULL_AT, fullAt, next)) {
        return 0;
      }
    }
  }

  /** A request that was let through has ended. */
  void release(int cell) {
    if (cell != UNCOUNTED) {
      words.decrementAndGet(cell * WORDS + IN_FLIGHT);
    }
  }

  private int cellOf(long tag, long capacityNanos, long now) {
    int first = (int) ((tag >>> 32) % sets) * WAYS;
    for (int cell = first; cell < first + WAYS; cell++) {
      if (words.get(cell * WORDS + TAG) == tag) {
        return cell;
      }
    }
    while (true) {
      int victim = victim(first, now);
      if (victim == UNCOUNTED) {
        return UNCOUNTED;
      }
      int base = victim * WORDS;
      long old = words.get(base + TAG);
      if (old == tag) {
        return victim;
      }
      if (words.compareAndSet(base + TAG, old, tag)) {
        words.set(base + FULL_AT, 0);
        words.set(base + CAPACITY, capacityNanos);
        return victim;
      }
    }
  }

  /** By how much of its bucket is used up, for limits of all kinds share the table. */
  private int victim(int first, long now) {
    int best = UNCOUNTED;
    double least = Double.POSITIVE_INFINITY;
    for (int cell = first; cell < first + WAYS; cell++) {
      int base = cell * WORDS;
      if (words.get(base + TAG) == 0) {
        return cell;
      }
      long debt = Math.max(0, words.get(base + FULL_AT) - now);
      double used = (double) debt / Math.max(1, words.get(base + CAPACITY));
      if (used < least && words.get(base + IN_FLIGHT) == 0) {
        best = cell;
        least = used;
      }
    }
    return best;
  }
}

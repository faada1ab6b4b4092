package io.lockgate.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Durations of one set of labels on one event loop, in microseconds and to two significant digits.
 * Counts in the buckets of an HdrHistogram, but without what that needs for several writers: to
 * record is three stores. The counts only grow, in place and in number with the largest value seen;
 * whoever scrapes remembers what it has seen of them.
 */
final class Latency {
  private static final int DIGITS = 2;
  private static final long MOST_MICROS = TimeUnit.HOURS.toMicros(1);

  // Two digits take 256 buckets for the smallest values, and half as many whenever they double.
  private static final int HALF_BITS = 7;
  private static final int HALF = 1 << HALF_BITS;
  private static final int FIRST = 2 * HALF;
  private static final int FIRST_ZEROS = Long.numberOfLeadingZeros(FIRST - 1);

  private static final VarHandle COUNTS;
  private static final VarHandle EVENTS;
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      COUNTS = lookup.findVarHandle(Latency.class, "counts", int[].class);
      EVENTS = lookup.findVarHandle(Latency.class, "events", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Counter nanosTotal = new Counter();

  /** By bucket; they may run over, as only differences count. */
  private int[] counts = new int[FIRST];

  /** Written after everything else of an event. */
  private long events;

  // Of the reader.
  private int[] countsTaken = {};
  private long eventsTaken;
  private long nanosTaken;

  /** By the owning loop only. */
  void record(long nanos) {
    // Rounded up: a bucket's bound is the largest value that belongs to it.
    long micros = Math.min(MOST_MICROS, (Math.max(0, nanos) + 999) / 1_000);
    int bucket = bucket(micros);
    int[] into = counts;
    if (bucket >= into.length) {
      into = Arrays.copyOf(into, (bucket | (HALF - 1)) + 1);
      COUNTS.setRelease(this, into);
    }
    CELL.setOpaque(into, bucket, into[bucket] + 1);
    nanosTotal.add(Math.max(0, nanos));
    EVENTS.setRelease(this, events + 1);
  }

  private static int bucket(long micros) {
    int doublings = FIRST_ZEROS - Long.numberOfLeadingZeros(micros | (FIRST - 1));
    return (doublings << HALF_BITS) + (int) (micros >>> doublings);
  }

  /** The smallest value that is counted there. */
  private static long leastOf(int bucket) {
    int doublings = Math.max(0, (bucket >>> HALF_BITS) - 1);
    return (long) (bucket - (doublings << HALF_BITS)) << doublings;
  }

  /** Whether something was recorded since it was taken last; for one reader at a time. */
  boolean news() {
    return (long) EVENTS.getAcquire(this) != eventsTaken;
  }

  /** Tells what was recorded since the last call, in ascending order; for one reader at a time. */
  void take(Sink sink) {
    eventsTaken = (long) EVENTS.getAcquire(this); // What comes meanwhile is news the next time.
    int[] now = (int[]) COUNTS.getAcquire(this);
    if (countsTaken.length < now.length) {
      countsTaken = Arrays.copyOf(countsTaken, now.length);
    }
    int[] taken = countsTaken;
    for (int i = nextNews(now, taken, 0); i >= 0; i = nextNews(now, taken, i + 1)) {
      int count = (int) CELL.getOpaque(now, i);
      if (count != taken[i]) {
        sink.recorded(leastOf(i), Integer.toUnsignedLong(count - taken[i]));
        taken[i] = count;
      }
    }
  }

  /**
   * The first bucket from there on whose count has changed, or -1. Most of a thousand have not, and
   * who looks only every few seconds has this interpreted: several buckets are compared at a time.
   */
  private static int nextNews(int[] now, int[] taken, int from) {
    int skipped = Arrays.mismatch(now, from, now.length, taken, from, now.length);
    return skipped < 0 ? -1 : from + skipped;
  }

  /** Nanoseconds recorded since the last call; for one reader at a time. */
  long takeNanos() {
    long nanos = nanosTotal.value();
    long more = nanos - nanosTaken;
    nanosTaken = nanos;
    return more;
  }

  static Histogram empty() {
    return new Histogram(DIGITS);
  }

  /** Takes what was recorded. */
  @FunctionalInterface
  interface Sink {
    /**
     * @param micros the smallest duration that is counted as these were
     * @param count never 0
     */
    void recorded(long micros, long count);
  }
}

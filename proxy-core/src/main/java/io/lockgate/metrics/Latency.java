package io.lockgate.metrics;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Durations of one set of labels on one event loop, in microseconds and to two significant digits.
 * The histogram starts at 2 KiB and grows with the largest value seen; what the loop holds is
 * handed to the scrape, for one that is empty.
 */
final class Latency {
  private static final int DIGITS = 2;
  private static final long MOST_MICROS = TimeUnit.HOURS.toMicros(1);

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(DIGITS);
  private final Counter count = new Counter();
  private final Counter nanosTotal = new Counter();

  // Of the reader.
  private long eventsTaken;
  private long nanosTaken;

  /** By the owning loop only. */
  void record(long nanos) {
    // Rounded up: a bucket's bound is the largest value that belongs to it.
    long micros = Math.min(MOST_MICROS, (Math.max(0, nanos) + 999) / 1_000);
    recorder.recordValue(micros);
    nanosTotal.add(Math.max(0, nanos));
    count.add(1);
  }

  /** Whether something was recorded since it was taken last; for one reader at a time. */
  boolean news() {
    return count.value() != eventsTaken;
  }

  /**
   * Hands over what was recorded since the last call; for one reader at a time.
   *
   * @param spare what another call gave, for the loop to go on with, or null for a new one; its
   *     content is dropped
   */
  Histogram take(Histogram spare) {
    eventsTaken = count.value();
    return recorder.getIntervalHistogram(spare, false);
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
}

package io.lockgate.admin;

import io.lockgate.metrics.LatencyBuckets;
import io.lockgate.metrics.MetricPoint;
import java.util.List;

/**
 * How long things took over the last few samples, by the buckets of the histograms. Fixed memory.
 * Not safe for several threads.
 */
final class LatencyWindow {
  /** Samples that are remembered. */
  static final int DEPTH = 30;

  private static final List<Double> BOUNDS = LatencyBuckets.upperBoundsSeconds();
  private static final int BUCKETS = BOUNDS.size() + 1;

  private final int[][] recent = new int[DEPTH][BUCKETS];
  private long[] before;
  private int next;

  /**
   * @param counted events in each bucket until before the first sample
   */
  LatencyWindow(long[] counted) {
    this.before = counted.clone();
  }

  /** For counts that have not begun. */
  static long[] nothing() {
    return new long[BUCKETS];
  }

  /** The counts of a histogram, in the order of its buckets. */
  static long[] countsOf(MetricPoint point) {
    List<Long> counts = ((MetricPoint.Distribution) point).bucketCounts();
    long[] copy = new long[counts.size()];
    for (int bucket = 0; bucket < copy.length; bucket++) {
      copy[bucket] = counts.get(bucket);
    }
    return copy;
  }

  /** Takes the counts as they are now, since the process started. */
  void add(long[] counted) {
    int[] sample = recent[next];
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sample[bucket] = (int) Math.max(0, counted[bucket] - before[bucket]);
    }
    before = counted.clone();
    next = (next + 1) % DEPTH;
  }

  /**
   * A quantile over the last samples, in seconds, interpolated within its bucket as Prometheus
   * does; NaN where nothing happened.
   *
   * @param samples at most {@link #DEPTH}
   */
  double quantile(double share, int samples) {
    long[] sums = new long[BUCKETS];
    long all = 0;
    for (int back = 1; back <= samples; back++) {
      int[] sample = recent[Math.floorMod(next - back, DEPTH)];
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        sums[bucket] += sample[bucket];
        all += sample[bucket];
      }
    }
    return all == 0 ? Double.NaN : interpolated(sums, share * all);
  }

  private static double interpolated(long[] counts, double rank) {
    double below = 0;
    for (int bucket = 0; bucket < BOUNDS.size(); bucket++) {
      if (counts[bucket] > 0 && below + counts[bucket] >= rank) {
        double lower = bucket == 0 ? 0 : BOUNDS.get(bucket - 1);
        return lower + (BOUNDS.get(bucket) - lower) * (rank - below) / counts[bucket];
      }
      below += counts[bucket];
    }
    return BOUNDS.get(BOUNDS.size() - 1);
  }
}

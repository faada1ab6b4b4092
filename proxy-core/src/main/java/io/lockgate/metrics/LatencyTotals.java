package io.lockgate.metrics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * What all event loops recorded since the start, by metric and labels. Guarded by the one scrape at
 * a time that {@link ProxyMetrics} allows.
 */
final class LatencyTotals {
  private final Map<Metric, Map<List<String>, Sum>> sums = new EnumMap<>(Metric.class);

  /** Takes over what a loop has recorded since it was asked last. */
  void takeOver(Metric metric, List<String> labels, Latency latency) {
    Sum sum =
        sums.computeIfAbsent(metric, key -> new HashMap<>()).computeIfAbsent(labels, Sum::new);
    if (latency.news()) {
      latency.take(sum::add);
    }
    sum.nanos += latency.takeNanos();
  }

  void takeOver(Metric metric, LabelTable<Latency> table) {
    int labels = metric.labels().size();
    table.forEach(entry -> takeOver(metric, entry.labels(labels), entry.value));
  }

  /** Drops what was recorded of hosts, which are the first label of {@code metric}. */
  void forget(Metric metric, Set<String> hosts) {
    sums.getOrDefault(metric, Map.of()).keySet().removeIf(labels -> hosts.contains(labels.get(0)));
  }

  /**
   * @param percentiles whether they are asked for; they take longer than all the rest
   */
  void report(Readings readings, boolean percentiles) {
    sums.keySet().forEach(metric -> report(metric, readings, percentiles));
  }

  void report(Metric metric, Readings readings, boolean percentiles) {
    sums.getOrDefault(metric, Map.of())
        .values()
        .forEach(sum -> readings.put(metric, sum.point(percentiles)));
  }

  private static final class Sum {
    final List<String> labels;
    final Histogram histogram = Latency.empty();
    final long[] buckets = new long[LatencyBuckets.count()];
    long nanos;
    private long eventsShown = -1;
    private long nanosShown;
    private MetricPoint.Distribution shown;

    Sum(List<String> labels) {
      this.labels = labels;
    }

    /** By the lowest value of a step, so that exact powers of ten stay in the bucket they bound. */
    void add(long micros, long count) {
      histogram.recordValueWithCount(micros, count);
      buckets[LatencyBuckets.indexOf(micros)] += count;
    }

    /**
     * The same one as before where nothing has happened since. An event may be counted a moment
     * before its time is, so both are asked for.
     */
    MetricPoint.Distribution point(boolean percentiles) {
      long events = histogram.getTotalCount();
      if (events != eventsShown || nanos != nanosShown) {
        shown = fresh(MetricPoint.Percentiles.NOT_ASKED);
        eventsShown = events;
        nanosShown = nanos;
      }
      return percentiles ? fresh(percentiles()) : shown;
    }

    private MetricPoint.Distribution fresh(MetricPoint.Percentiles percentiles) {
      return new MetricPoint.Distribution(
          labels,
          histogram.getTotalCount(),
          nanos / 1e9,
          Arrays.stream(buckets).boxed().toList(),
          percentiles);
    }

    private MetricPoint.Percentiles percentiles() {
      return new MetricPoint.Percentiles(
          percentile(50), percentile(90), percentile(99), percentile(99.9), percentile(100));
    }

    private double percentile(double share) {
      return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(share) / 1e6;
    }
  }
}

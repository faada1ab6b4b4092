package io.lockgate.metrics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What all event loops recorded since the start, by metric and labels. Guarded by the one scrape at
 * a time that {@link ProxyMetrics} allows.
 */
final class LatencyTotals {
  private final Map<Metric, Map<List<String>, Sum>> sums = new EnumMap<>(Metric.class);

  /** Goes from one set of labels to the next, so that a scrape allocates none for each. */
  private Histogram spare;

  /** Takes over what a loop has recorded since it was asked last. */
  void takeOver(Metric metric, List<String> labels, Latency latency) {
    Sum sum =
        sums.computeIfAbsent(metric, key -> new HashMap<>()).computeIfAbsent(labels, Sum::new);
    if (latency.news()) {
      spare = latency.take(spare);
      sum.add(spare);
    }
    sum.nanos += latency.takeNanos();
  }

  /** Drops what was recorded of hosts, which are the first label of {@code metric}. */
  void forget(Metric metric, Set<String> hosts) {
    sums.getOrDefault(metric, Map.of()).keySet().removeIf(labels -> hosts.contains(labels.get(0)));
  }

  /**
   * @param percentiles whether they are asked for; they take longer than all the rest
   */
  void report(Readings readings, boolean percentiles) {
    sums.forEach(
        (metric, byLabels) ->
            byLabels.values().forEach(sum -> readings.put(metric, sum.point(percentiles))));
  }

  private static final class Sum {
    final List<String> labels;
    final Histogram histogram = Latency.empty();
    final long[] buckets = new long[LatencyBuckets.count()];
    long nanos;
    private long eventsShown = -1;
    private MetricPoint.Distribution shown;

    Sum(List<String> labels) {
      this.labels = labels;
    }

    void add(Histogram more) {
      histogram.add(more);
      int bucket = 0;
      for (HistogramIterationValue step : more.recordedValues()) {
        // The lowest value of the step: exact powers of ten stay in the bucket they bound.
        long micros = more.lowestEquivalentValue(step.getValueIteratedTo());
        bucket = LatencyBuckets.indexOf(micros, bucket);
        buckets[bucket] += step.getCountAddedInThisIterationStep();
      }
    }

    /** The same one as before where nothing has happened since. */
    MetricPoint.Distribution point(boolean percentiles) {
      long events = histogram.getTotalCount();
      if (events != eventsShown) {
        shown = fresh(MetricPoint.Percentiles.NOT_ASKED);
        eventsShown = events;
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

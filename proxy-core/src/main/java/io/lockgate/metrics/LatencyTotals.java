package io.lockgate.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What all event loops recorded since the start, by metric and labels. Guarded by the one scrape at
 * a time that {@link ProxyMetrics} allows.
 */
final class LatencyTotals {
  private final Map<Metric, Map<List<String>, Sum>> sums = new EnumMap<>(Metric.class);

  /** Takes over what a loop has recorded since it was asked last. */
  void takeOver(Metric metric, List<String> labels, Latency latency) {
    Sum sum =
        sums.computeIfAbsent(metric, key -> new HashMap<>())
            .computeIfAbsent(labels, key -> new Sum());
    sum.nanos += latency.takeInto(sum.histogram);
  }

  void report(Readings readings) {
    sums.forEach(
        (metric, byLabels) ->
            byLabels.forEach((labels, sum) -> readings.put(metric, sum.point(labels))));
  }

  private static final class Sum {
    final Histogram histogram = Latency.empty();
    long nanos;

    MetricPoint.Distribution point(List<String> labels) {
      List<Long> buckets = new ArrayList<>(Collections.nCopies(LatencyBuckets.count(), 0L));
      int bucket = 0;
      for (HistogramIterationValue step : histogram.recordedValues()) {
        // The lowest value of the step: exact powers of ten stay in the bucket they bound.
        long micros = histogram.lowestEquivalentValue(step.getValueIteratedTo());
        bucket = LatencyBuckets.indexOf(micros, bucket);
        buckets.set(bucket, buckets.get(bucket) + step.getCountAddedInThisIterationStep());
      }
      return new MetricPoint.Distribution(
          labels, histogram.getTotalCount(), nanos / 1e9, buckets, percentiles());
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

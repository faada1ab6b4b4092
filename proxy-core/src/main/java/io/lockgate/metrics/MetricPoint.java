package io.lockgate.metrics;

import java.util.List;

/** What one metric is for one set of label values. */
public sealed interface MetricPoint {
  /** Values in the order of {@link Metric#labels}. */
  List<String> labelValues();

  /** A counter or a gauge. */
  record Value(List<String> labelValues, double value) implements MetricPoint {
    public Value {
      labelValues = List.copyOf(labelValues);
    }
  }

  /** How often something happened and how long it took together. */
  record Total(List<String> labelValues, long count, double sum) implements MetricPoint {
    public Total {
      labelValues = List.copyOf(labelValues);
    }
  }

  /**
   * A histogram in seconds, since the start of the process.
   *
   * @param bucketCounts events in each bucket of {@link LatencyBuckets}, not cumulative, with the
   *     unbounded last one
   */
  record Distribution(
      List<String> labelValues,
      long count,
      double sum,
      List<Long> bucketCounts,
      Percentiles percentiles)
      implements MetricPoint {
    public Distribution {
      labelValues = List.copyOf(labelValues);
      bucketCounts = List.copyOf(bucketCounts);
    }
  }

  /** In seconds, exact to one part in a hundred. */
  record Percentiles(double p50, double p90, double p99, double p999, double max) {
    /** Where nobody asked for them. */
    static final Percentiles NOT_ASKED =
        new Percentiles(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }
}

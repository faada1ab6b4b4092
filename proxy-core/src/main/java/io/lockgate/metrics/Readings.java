package io.lockgate.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the points of one scrape. Used by one thread; lives as long as the scrape. */
public final class Readings {
  private final Map<Metric, Map<List<String>, MetricPoint>> points = new EnumMap<>(Metric.class);

  Readings() {}

  /**
   * Adds to a counter, or sets a gauge.
   *
   * @throws IllegalArgumentException where the metric is of another kind or has other labels
   */
  public void value(Metric metric, double value, String... labelValues) {
    if (metric.kind() == Metric.Kind.COUNTER) {
      checkLabels(metric, labelValues);
      add(metric, value, List.of(labelValues));
    } else if (metric.kind() == Metric.Kind.GAUGE) {
      checkLabels(metric, labelValues);
      put(metric, new MetricPoint.Value(List.of(labelValues), value));
    } else {
      throw new IllegalArgumentException(metric + " has no single value");
    }
  }

  /** The same for whole numbers. */
  public void value(Metric metric, long value, String... labelValues) {
    value(metric, (double) value, labelValues);
  }

  /** States a summary. */
  public void total(Metric metric, long count, double sum, String... labelValues) {
    checkLabels(metric, labelValues);
    put(metric, new MetricPoint.Total(List.of(labelValues), count, sum));
  }

  void add(Metric metric, long value, List<String> labelValues) {
    add(metric, (double) value, labelValues);
  }

  private void add(Metric metric, double value, List<String> labelValues) {
    of(metric)
        .merge(
            labelValues,
            new MetricPoint.Value(labelValues, value),
            (before, more) ->
                new MetricPoint.Value(
                    labelValues,
                    ((MetricPoint.Value) before).value() + ((MetricPoint.Value) more).value()));
  }

  void put(Metric metric, MetricPoint point) {
    of(metric).put(point.labelValues(), point);
  }

  private Map<List<String>, MetricPoint> of(Metric metric) {
    return points.computeIfAbsent(metric, key -> new LinkedHashMap<>());
  }

  /** In the order of {@link Metric}; metrics without a point are left out. */
  List<MetricFamily> families() {
    List<MetricFamily> families = new ArrayList<>(points.size());
    points.forEach(
        (metric, values) ->
            families.add(new MetricFamily(metric, new ArrayList<>(values.values()))));
    return families;
  }

  private static void checkLabels(Metric metric, String[] labelValues) {
    if (labelValues.length != metric.labels().size()) {
      throw new IllegalArgumentException(
          metric + " has the labels " + metric.labels() + ", not " + labelValues.length);
    }
  }
}

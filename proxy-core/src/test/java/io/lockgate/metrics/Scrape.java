package io.lockgate.metrics;

import java.util.List;
import java.util.Optional;

/** One look at all metrics, with the questions that tests ask. */
record Scrape(List<MetricFamily> families) {
  static Scrape of(ProxyMetrics metrics) {
    return new Scrape(metrics.collect());
  }

  double value(Metric metric, String... labels) {
    return ((MetricPoint.Value) point(metric, labels).orElseThrow()).value();
  }

  MetricPoint.Distribution distribution(Metric metric, String... labels) {
    return (MetricPoint.Distribution) point(metric, labels).orElseThrow();
  }

  Optional<MetricPoint> point(Metric metric, String... labels) {
    return points(metric).stream()
        .filter(point -> point.labelValues().equals(List.of(labels)))
        .findFirst();
  }

  List<MetricPoint> points(Metric metric) {
    return families.stream()
        .filter(family -> family.metric() == metric)
        .findFirst()
        .map(MetricFamily::points)
        .orElse(List.of());
  }
}

package io.lockgate.metrics;

import java.util.List;

/** All points of one metric at one moment. */
public record MetricFamily(Metric metric, List<MetricPoint> points) {
  public MetricFamily {
    points = List.copyOf(points);
  }
}

package io.lockgate.admin;

import io.lockgate.metrics.LatencyBuckets;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.MetricPoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Metrics in the two text formats that scrapers read: Prometheus 0.0.4, and OpenMetrics 1.0 for
 * those who ask for it. A thousand hosts make megabytes of it, so it is written as octets, once,
 * into a buffer that is kept. Safe for several threads, which take turns.
 */
final class PrometheusText {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String TOTAL = "_total";
  private static final String INFO = "_info";
  private static final List<byte[]> BOUNDS =
      java.util.stream.Stream.concat(
              LatencyBuckets.upperBoundsSeconds().stream().map(String::valueOf),
              java.util.stream.Stream.of("+Inf"))
          .map(bound -> ("le=\"" + bound + "\"} ").getBytes(StandardCharsets.US_ASCII))
          .toList();

  private final TextBuffer text = new TextBuffer();

  /**
   * @param accept the client's Accept field, or empty
   */
  synchronized AdminResponse render(List<MetricFamily> families, String accept) {
    boolean open = accept.contains("application/openmetrics-text");
    text.clear();
    Set<String> names =
        families.stream().map(f -> f.metric().metricName()).collect(Collectors.toSet());
    families.forEach(family -> family(family, open, names));
    if (open) {
      text.ascii("# EOF\n");
    }
    return new AdminResponse(200, open ? OPEN_METRICS : PROMETHEUS, text.copy(), Map.of());
  }

  private void family(MetricFamily family, boolean open, Set<String> names) {
    Metric metric = family.metric();
    if (open) {
      openMetricsHead(metric, names);
    } else {
      head("# HELP ", metric.metricName(), metric.help(), false);
      head("# TYPE ", metric.metricName(), Documents.lower(metric.kind()), false);
    }
    byte[] name = metric.metricName().getBytes(StandardCharsets.US_ASCII);
    for (MetricPoint point : family.points()) {
      point(metric, name, point);
    }
  }

  /**
   * OpenMetrics names the family of a counter without its {@code _total}, so a counter and a gauge
   * that share the rest of the name cannot both be shown as what they are; the counter is shown
   * under its full name, as a value of unknown kind.
   */
  private void openMetricsHead(Metric metric, Set<String> names) {
    String name = metric.metricName();
    String kind = Documents.lower(metric.kind());
    if (metric.kind() == Metric.Kind.COUNTER) {
      String base = name.substring(0, name.length() - TOTAL.length());
      kind = names.contains(base) ? "unknown" : kind;
      name = names.contains(base) ? name : base;
    } else if (name.endsWith(INFO)) {
      kind = "info";
      name = name.substring(0, name.length() - INFO.length());
    }
    head("# TYPE ", name, kind, true);
    if (!metric.unit().isEmpty() && name.endsWith("_" + metric.unit())) {
      head("# UNIT ", name, metric.unit(), true);
    }
    head("# HELP ", name, metric.help(), true);
  }

  private void head(String begin, String name, String value, boolean quotes) {
    text.ascii(begin);
    text.ascii(name);
    text.octet(' ');
    text.escaped(value, quotes);
    text.octet('\n');
  }

  private void point(Metric metric, byte[] name, MetricPoint point) {
    if (point instanceof MetricPoint.Value value) {
      text.octets(name);
      labels(metric, point);
      text.octet(' ');
      text.number(value.value());
      text.octet('\n');
    } else if (point instanceof MetricPoint.Total total) {
      countAndSum(metric, name, point, total.count(), total.sum());
    } else if (point instanceof MetricPoint.Distribution distribution) {
      buckets(metric, name, distribution);
      countAndSum(metric, name, point, distribution.count(), distribution.sum());
    } else {
      throw new AssertionError(point);
    }
  }

  /** Bounds are upper ones and counts are cumulative; all but those two are the same octets. */
  private void buckets(Metric metric, byte[] name, MetricPoint.Distribution distribution) {
    int begin = text.length();
    text.octets(name);
    text.ascii("_bucket{");
    if (labelPairs(metric, distribution)) {
      text.octet(',');
    }
    int end = text.length();
    long below = 0;
    for (int i = 0; i < BOUNDS.size(); i++) {
      if (i > 0) {
        text.repeat(begin, end);
      }
      below += distribution.bucketCounts().get(i);
      text.octets(BOUNDS.get(i));
      text.whole(below);
      text.octet('\n');
    }
  }

  private void countAndSum(Metric metric, byte[] name, MetricPoint point, long count, double sum) {
    text.octets(name);
    text.ascii("_count");
    labels(metric, point);
    text.octet(' ');
    text.whole(count);
    text.octet('\n');
    text.octets(name);
    text.ascii("_sum");
    labels(metric, point);
    text.octet(' ');
    text.number(sum);
    text.octet('\n');
  }

  private void labels(Metric metric, MetricPoint point) {
    if (!metric.labels().isEmpty()) {
      text.octet('{');
      labelPairs(metric, point);
      text.octet('}');
    }
  }

  /**
   * @return whether there are any
   */
  private boolean labelPairs(Metric metric, MetricPoint point) {
    List<String> names = metric.labels();
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        text.octet(',');
      }
      text.ascii(names.get(i));
      text.ascii("=\"");
      text.escaped(point.labelValues().get(i), true);
      text.octet('"');
    }
    return !names.isEmpty();
  }
}

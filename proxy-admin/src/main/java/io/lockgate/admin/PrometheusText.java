package io.lockgate.admin;

import io.lockgate.metrics.LatencyBuckets;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.MetricPoint;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Metrics in the two text formats that scrapers read. */
final class PrometheusText {
  private static final String TOTAL = "_total";

  private final ExpositionFormatWriter prometheus = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  /**
   * @param accept the client's Accept field, or empty
   */
  AdminResponse render(List<MetricFamily> families, String accept) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(64 * 1024);
    try {
      if (openMetrics.accepts(accept)) {
        return response(openMetrics, writeOpenMetrics(families, text));
      }
      for (MetricFamily family : families) { // together they would fail: see below
        prometheus.write(text, MetricSnapshots.of(snapshot(family)));
      }
      return response(prometheus, text);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  /**
   * OpenMetrics names the family of a counter without its {@code _total}, so a counter and a gauge
   * that share the rest of the name cannot both be shown as what they are; the counter is shown
   * under its full name, as a value of unknown kind.
   */
  private ByteArrayOutputStream writeOpenMetrics(
      List<MetricFamily> families, ByteArrayOutputStream text) throws IOException {
    Set<String> names =
        families.stream().map(f -> f.metric().metricName()).collect(Collectors.toSet());
    List<MetricSnapshot> snapshots =
        families.stream()
            .map(
                family ->
                    names.contains(baseName(family.metric(), TOTAL))
                        ? unknown(family)
                        : snapshot(family))
            .toList();
    openMetrics.write(text, new MetricSnapshots(snapshots));
    return text;
  }

  private static MetricSnapshot unknown(MetricFamily family) {
    return new UnknownSnapshot(
        metadata(family.metric(), ""),
        points(family, p -> new UnknownDataPointSnapshot(p.value(), p.labels(), null)));
  }

  private static AdminResponse response(ExpositionFormatWriter writer, ByteArrayOutputStream text) {
    return new AdminResponse(200, writer.getContentType(), text.toByteArray(), Map.of());
  }

  private static MetricSnapshot snapshot(MetricFamily family) {
    Metric metric = family.metric();
    return switch (metric.kind()) {
      case COUNTER ->
          new CounterSnapshot(metadata(metric, TOTAL), points(family, PrometheusText::counter));
      case GAUGE ->
          metric.metricName().endsWith("_info")
              ? new InfoSnapshot(metadata(metric, "_info"), points(family, p -> info(metric, p)))
              : new GaugeSnapshot(metadata(metric, ""), points(family, PrometheusText::gauge));
      case SUMMARY ->
          new SummarySnapshot(metadata(metric, ""), points(family, PrometheusText::summary));
      case HISTOGRAM ->
          new HistogramSnapshot(metadata(metric, ""), points(family, PrometheusText::histogram));
    };
  }

  /** The library writes the suffix of a kind itself. */
  private static MetricMetadata metadata(Metric metric, String suffix) {
    Unit unit = metric.unit().isEmpty() ? null : new Unit(metric.unit());
    return new MetricMetadata(
        suffix.isEmpty() ? metric.metricName() : baseName(metric, suffix), metric.help(), unit);
  }

  /** The name without the suffix, or empty where it has another. */
  private static String baseName(Metric metric, String suffix) {
    String name = metric.metricName();
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : "";
  }

  private static <T> List<T> points(MetricFamily family, Function<Labelled, T> make) {
    return family.points().stream()
        .map(p -> make.apply(new Labelled(Labels.of(family.metric().labels(), p.labelValues()), p)))
        .toList();
  }

  private static CounterDataPointSnapshot counter(Labelled point) {
    return new CounterDataPointSnapshot(point.value(), point.labels(), null, 0);
  }

  private static GaugeDataPointSnapshot gauge(Labelled point) {
    return new GaugeDataPointSnapshot(point.value(), point.labels(), null);
  }

  private static InfoDataPointSnapshot info(Metric metric, Labelled point) {
    if (point.value() != 1) {
      throw new IllegalStateException(metric + " is always 1");
    }
    return new InfoDataPointSnapshot(point.labels());
  }

  private static SummaryDataPointSnapshot summary(Labelled point) {
    MetricPoint.Total total = (MetricPoint.Total) point.point();
    return new SummaryDataPointSnapshot(
        total.count(), total.sum(), Quantiles.EMPTY, point.labels(), Exemplars.EMPTY, 0);
  }

  private static HistogramDataPointSnapshot histogram(Labelled point) {
    MetricPoint.Distribution distribution = (MetricPoint.Distribution) point.point();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    List<Double> bounds = LatencyBuckets.upperBoundsSeconds();
    List<Long> counts = distribution.bucketCounts();
    for (int i = 0; i < counts.size(); i++) {
      double bound = i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY;
      buckets.bucket(bound, counts.get(i));
    }
    return new HistogramDataPointSnapshot(
        buckets.build(), distribution.sum(), point.labels(), Exemplars.EMPTY, 0);
  }

  private record Labelled(Labels labels, MetricPoint point) {
    double value() {
      return ((MetricPoint.Value) point).value();
    }
  }
}

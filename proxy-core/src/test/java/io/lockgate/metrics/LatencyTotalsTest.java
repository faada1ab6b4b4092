package io.lockgate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyTotalsTest {
  private static final List<String> HOST = List.of("www.example");

  private final Latency latency = new Latency();
  private final LatencyTotals totals = new LatencyTotals();

  private MetricPoint.Distribution point() {
    totals.takeOver(Metric.HTTP_REQUEST_DURATION, HOST, latency);
    Readings readings = new Readings();
    totals.report(readings, true);
    return (MetricPoint.Distribution) readings.families().get(0).points().get(0);
  }

  @Test
  void addsUpWhatIsTakenOverFromTimeToTime() {
    latency.record(TimeUnit.MICROSECONDS.toNanos(100));
    assertThat(point().count()).isEqualTo(1);
    latency.record(TimeUnit.MICROSECONDS.toNanos(101));
    latency.record(TimeUnit.MINUTES.toNanos(2));

    MetricPoint.Distribution point = point();

    assertThat(point.count()).isEqualTo(3);
    assertThat(point.sum()).isEqualTo(120.000201);
    assertThat(point.bucketCounts().subList(0, 3))
        .as("bounds belong to their buckets")
        .containsExactly(1L, 1L, 0L);
    assertThat(point.bucketCounts()).last().isEqualTo(1L);
    assertThat(point.percentiles().p50()).isBetween(100e-6, 102e-6);
  }

  @Test
  void isTheSamePointWhereNothingHappened() {
    latency.record(1_000);
    totals.takeOver(Metric.HTTP_REQUEST_DURATION, HOST, latency);
    Readings first = new Readings();
    totals.report(first, false);
    totals.takeOver(Metric.HTTP_REQUEST_DURATION, HOST, latency);
    Readings second = new Readings();
    totals.report(second, false);

    assertThat(second.families().get(0).points().get(0))
        .isSameAs(first.families().get(0).points().get(0));
  }
}

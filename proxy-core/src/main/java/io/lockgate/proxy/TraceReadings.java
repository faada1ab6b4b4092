package io.lockgate.proxy;

import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricSource;
import io.lockgate.metrics.Readings;
import io.lockgate.trace.Tracing;

/** What became of spans. On the scraper's thread. */
final class TraceReadings implements MetricSource {
  private final Tracing tracing;

  TraceReadings(Tracing tracing) {
    this.tracing = tracing;
  }

  @Override
  public void read(Readings readings) {
    readings.value(Metric.TRACE_SPANS, tracing.sent(), "sent");
    readings.value(Metric.TRACE_SPANS, tracing.dropped(), "dropped");
    readings.value(Metric.TRACE_SPANS, tracing.failed(), "failed");
  }
}

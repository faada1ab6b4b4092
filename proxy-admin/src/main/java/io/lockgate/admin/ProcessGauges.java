package io.lockgate.admin;

import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.MetricPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the process is at, as it was sampled last. Not safe for several threads. */
final class ProcessGauges {
  private final LatencyWindow lag = new LatencyWindow(LatencyWindow.nothing());
  private double openConnections;
  private double requestsInFlight;
  private Optional<Double> memoryPressure = Optional.empty();
  private Optional<Double> processorUse = Optional.empty();
  private double processorSeconds = Double.NaN;
  private Instant takenAt = Instant.EPOCH;

  void take(List<MetricFamily> families, Instant now) {
    openConnections = 0;
    double processorBefore = processorSeconds;
    families.forEach(this::take);
    double seconds = Duration.between(takenAt, now).toMillis() / 1e3;
    double used = processorSeconds - processorBefore;
    processorUse =
        Double.isNaN(used) || seconds <= 0 ? Optional.empty() : Optional.of(used / seconds);
    takenAt = now;
  }

  private void take(MetricFamily family) {
    Metric metric = family.metric();
    for (MetricPoint point : family.points()) {
      if (metric == Metric.CONNECTIONS) {
        openConnections += value(point);
      } else if (metric == Metric.HTTP_REQUESTS_IN_FLIGHT) {
        requestsInFlight = value(point);
      } else if (metric == Metric.MEMORY_PRESSURE) {
        memoryPressure = Optional.of(value(point));
      } else if (metric == Metric.PROCESS_CPU) {
        processorSeconds = value(point);
      } else if (metric == Metric.EVENT_LOOP_LAG) {
        lag.add(LatencyWindow.countsOf(point));
      }
    }
  }

  private static double value(MetricPoint point) {
    return ((MetricPoint.Value) point).value();
  }

  View view() {
    double lagP99 = lag.quantile(0.99, LatencyWindow.DEPTH);
    return new View(
        (long) openConnections,
        (long) requestsInFlight,
        memoryPressure,
        Double.isNaN(lagP99) ? Optional.empty() : Optional.of(lagP99),
        processorUse);
  }

  /**
   * Empty where it is not known yet.
   *
   * @param memoryPressure from 1 on connections are refused
   * @param loopLagP99 in seconds, over five minutes
   * @param processorUse processors' worth of time, since the sample before
   */
  record View(
      long openConnections,
      long requestsInFlight,
      Optional<Double> memoryPressure,
      Optional<Double> loopLagP99,
      Optional<Double> processorUse) {}
}

package io.lockgate.proxy;

import io.lockgate.alert.Alert;
import io.lockgate.alert.AlertWatch;
import io.lockgate.alert.ServiceLevel;
import io.lockgate.alert.Window;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricSource;
import io.lockgate.metrics.Readings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What fires at the moment of a scrape. On the scraper's thread. */
final class AlertReadings implements MetricSource {
  private final AlertWatch watch;

  AlertReadings(AlertWatch watch) {
    this.watch = watch;
  }

  @Override
  public void read(Readings readings) {
    Map<List<String>, Integer> counts =
        new TreeMap<>(java.util.Comparator.comparing(List::toString));
    watch.read(
        new AlertWatch.Readings() {
          @Override
          public void alert(Alert alert, boolean silenced) {
            List<String> labels =
                List.of(alert.name(), alert.severity().label(), silenced ? "silenced" : "firing");
            counts.merge(labels, 1, Integer::sum);
          }

          @Override
          public void burnRate(String host, ServiceLevel level, Window window, double rate) {
            readings.value(Metric.BURN_RATE, rate, host, level.label(), window.label());
          }

          @Override
          public void notifications(long sent, long failed) {
            readings.value(Metric.ALERT_NOTIFICATIONS, sent, "sent");
            readings.value(Metric.ALERT_NOTIFICATIONS, failed, "failed");
          }
        });
    counts.forEach(
        (labels, count) -> readings.value(Metric.ALERTS, count, labels.toArray(String[]::new)));
  }
}

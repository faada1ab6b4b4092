package io.lockgate.proxy;

import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricSource;
import io.lockgate.metrics.Readings;
import io.lockgate.staple.Stapling;

/** What is known of OCSP responses at the moment of a scrape. On the scraper's thread. */
final class StaplingReadings implements MetricSource {
  private final Stapling stapling;

  StaplingReadings(Stapling stapling) {
    this.stapling = stapling;
  }

  @Override
  public void read(Readings readings) {
    stapling.fetches(
        (certificate, result, count) ->
            readings.value(Metric.OCSP_FETCHES, count, certificate, result));
    stapling
        .standing()
        .forEach(
            (certificate, standing) -> {
              readings.value(Metric.OCSP_REQUIRED_MISSING, standing.held(), certificate);
              standing
                  .firstEnd()
                  .ifPresent(
                      end ->
                          readings.value(
                              Metric.OCSP_NEXT_UPDATE, end.getEpochSecond(), certificate));
            });
  }
}

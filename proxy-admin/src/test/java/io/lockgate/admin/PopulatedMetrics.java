package io.lockgate.admin;

import io.lockgate.metrics.LoopMetrics;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.ProcessReadings;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.metrics.Readings;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener.How;
import io.lockgate.tls.TlsListener.Side;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Metrics in which every row of {@link Metric} has at least one point. */
final class PopulatedMetrics {
  /** A label value that would break a text which is not escaped. */
  static final String AWKWARD = "a\\b\"c\nd\u00e9{}=,";

  private PopulatedMetrics() {}

  static ProxyMetrics create() {
    ProcessReadings process = new ProcessReadings();
    List<Metric> unfed = new ArrayList<>();
    ProxyMetrics metrics =
        new ProxyMetrics(
            1, List.of(process, PopulatedMetrics::everyGauge, readings -> feed(unfed, readings)));
    metrics.started(1, Instant.ofEpochSecond(1_000));
    metrics.reloaded(2, Instant.ofEpochSecond(2_000), "applied");
    LoopMetrics loop = metrics.forLoop(0);
    TlsFacts facts =
        new TlsFacts(
            "www.example", "TLSv1.3", "TLS_X", "X25519", "h2", "", TlsFacts.Resumption.FULL, "");
    loop.opened("https");
    loop.refused("https", "limit");
    loop.handshakeSucceeded("https", facts, 1_500_000);
    loop.handshakeFailed(
        new FailedHandshake(
            "https", "other", HandshakeFailure.TIMEOUT, "192.0.2.1", "", Optional.empty()));
    loop.closed(Side.UPSTREAM, How.TRUNCATED);
    loop.rejected("https", "192.0.2.1", AWKWARD);
    for (long nanos : new long[] {50_000, 3_000_000, 700_000_000, 90_000_000_000L}) {
      loop.attemptEnded("app", "127.0.0.1:1", "2xx", nanos);
      loop.ended(new PlainExchange("www.example", 200, nanos));
    }
    loop.retried("app");
    loop.lagged(42_000);
    EnumSet<Metric> missing = EnumSet.allOf(Metric.class);
    metrics.collect().forEach(family -> missing.remove(family.metric()));
    unfed.addAll(missing);
    return metrics;
  }

  /** A point for what nothing here counts. */
  private static void feed(List<Metric> unfed, Readings readings) {
    for (Metric metric : unfed) {
      readings.value(metric, 1, metric.labels().toArray(String[]::new));
    }
  }

  private static void everyGauge(Readings readings) {
    readings.value(Metric.TLS_CERTIFICATE_NOT_BEFORE, 1.7e9, "www");
    readings.value(Metric.TLS_CERTIFICATE_NOT_AFTER, 1.8e9, "www");
    readings.value(Metric.TLS_TICKET_KEYS, 2, "accepted");
    readings.value(Metric.TLS_TICKET_KEY_AGE, 12.5);
    readings.value(Metric.UPSTREAM_HEALTHY, 1, "app", "127.0.0.1:1");
    readings.value(Metric.UPSTREAM_CONNECTIONS, 3, "app", "127.0.0.1:1", "idle");
    readings.value(Metric.MEMORY_DIRECT, 1_000);
    readings.value(Metric.BUILD_INFO, 1, "1.2.3", "17.0.1");
    readings.value(Metric.ACCESS_LOG_DROPPED, 0);
    readings.value(Metric.ACCESS_LOG_WRITE_ERRORS, 0);
  }

  static List<MetricFamily> families() {
    return create().collect();
  }
}

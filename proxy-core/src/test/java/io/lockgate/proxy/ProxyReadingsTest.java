package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.accesslog.AccessLogCounts;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.MetricPoint;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.proxy.UpstreamView.ServerView;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.tls.TicketKeys;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProxyReadingsTest {
  private final AtomicLong nanoTime = new AtomicLong();
  private final TicketKeys ticketKeys = new TicketKeys(new SecureRandom(), 2, nanoTime::get);
  private final TestIdentity issued = TestCa.root().issue("www.example");

  @Test
  void showHealthAndConnectionsOfEachServer() {
    List<MetricFamily> families = collect();

    assertThat(points(families, Metric.UPSTREAM_HEALTHY))
        .containsExactlyInAnyOrder(point(1, "app", "a:1"), point(0, "app", "b:2"));
    assertThat(points(families, Metric.UPSTREAM_CONNECTIONS))
        .containsExactlyInAnyOrder(
            point(9, "app", "", "waiting"),
            point(3, "app", "a:1", "active"),
            point(4, "app", "a:1", "idle"),
            point(0, "app", "b:2", "active"),
            point(0, "app", "b:2", "idle"));
  }

  @Test
  void showTheLifeOfEachCertificate() {
    assertThat(points(collect(), Metric.TLS_CERTIFICATE_NOT_AFTER))
        .containsExactly(point(issued.leaf().getNotAfter().toInstant().getEpochSecond(), "www"));
    assertThat(points(collect(), Metric.TLS_CERTIFICATE_NOT_BEFORE))
        .containsExactly(point(issued.leaf().getNotBefore().toInstant().getEpochSecond(), "www"));
  }

  @Test
  void showTicketKeysAndTheAgeOfTheOldestThatEncrypts() {
    ticketKeys.ring("public");
    nanoTime.set(5_000_000_000L);
    ticketKeys.rotateAll();
    nanoTime.set(7_500_000_000L);

    List<MetricFamily> families = collect();
    assertThat(points(families, Metric.TLS_TICKET_KEYS))
        .containsExactlyInAnyOrder(point(1, "current"), point(1, "accepted"));
    assertThat(points(families, Metric.TLS_TICKET_KEY_AGE))
        .containsExactly(new MetricPoint.Value(List.of(), 2.5));
  }

  private List<MetricFamily> collect() {
    UpstreamView app =
        new UpstreamView(
            "app",
            "http/1.1",
            9,
            List.of(
                new ServerView("a:1", 1, true, 3, 4, 5), new ServerView("b:2", 1, false, 0, 0, 0)));
    CertificateEntry www =
        new CertificateEntry(
            "www",
            "www",
            "certs/www.pem",
            Optional.empty(),
            Identity.of(issued.chain(), issued.key()),
            List.of());
    ProxyReadings readings =
        new ProxyReadings(
            () -> List.of(app),
            () -> IdentityCatalog.of(List.of(www)),
            ticketKeys,
            new AccessLogCounts());
    return new ProxyMetrics(0, List.of(readings)).collect();
  }

  private static List<MetricPoint> points(List<MetricFamily> families, Metric metric) {
    return families.stream()
        .filter(family -> family.metric() == metric)
        .flatMap(family -> family.points().stream())
        .toList();
  }

  private static MetricPoint point(long value, String... labels) {
    return new MetricPoint.Value(List.of(labels), (double) value);
  }
}

package io.lockgate.proxy;

import io.lockgate.accesslog.AccessLogCounts;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricSource;
import io.lockgate.metrics.Readings;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.tls.TicketKeys;
import java.util.List;
import java.util.function.Supplier;

/** What the parts of the running proxy show at a scrape. Called on the thread of the scrape. */
final class ProxyReadings implements MetricSource {
  private final Supplier<List<UpstreamView>> upstreams;
  private final Supplier<IdentityCatalog> certificates;
  private final TicketKeys ticketKeys;
  private final AccessLogCounts accessLog;

  ProxyReadings(
      Supplier<List<UpstreamView>> upstreams,
      Supplier<IdentityCatalog> certificates,
      TicketKeys ticketKeys,
      AccessLogCounts accessLog) {
    this.upstreams = upstreams;
    this.certificates = certificates;
    this.ticketKeys = ticketKeys;
    this.accessLog = accessLog;
  }

  @Override
  public void read(Readings readings) {
    upstreams.get().forEach(upstream -> readUpstream(readings, upstream));
    certificates.get().entries().forEach(entry -> readCertificate(readings, entry));
    readings.value(Metric.TLS_TICKET_KEYS, ticketKeys.currentKeys(), "current");
    readings.value(Metric.TLS_TICKET_KEYS, ticketKeys.acceptedKeys(), "accepted");
    readings.value(Metric.TLS_TICKET_KEY_AGE, ticketKeys.ageSeconds());
    readings.value(Metric.ACCESS_LOG_DROPPED, accessLog.dropped());
    readings.value(Metric.ACCESS_LOG_WRITE_ERRORS, accessLog.writeErrors());
  }

  private static void readUpstream(Readings readings, UpstreamView upstream) {
    String name = upstream.name();
    readings.value(Metric.UPSTREAM_CONNECTIONS, upstream.waiting(), name, "", "waiting");
    for (UpstreamView.ServerView server : upstream.servers()) {
      String address = server.address();
      readings.value(Metric.UPSTREAM_HEALTHY, server.healthy() ? 1 : 0, name, address);
      readings.value(Metric.UPSTREAM_CONNECTIONS, server.active(), name, address, "active");
      readings.value(Metric.UPSTREAM_CONNECTIONS, server.idle(), name, address, "idle");
    }
  }

  private static void readCertificate(Readings readings, CertificateEntry entry) {
    readings.value(
        Metric.TLS_CERTIFICATE_NOT_BEFORE,
        entry.identity().notBefore().getEpochSecond(),
        entry.name());
    readings.value(
        Metric.TLS_CERTIFICATE_NOT_AFTER,
        entry.identity().notAfter().getEpochSecond(),
        entry.name());
  }
}

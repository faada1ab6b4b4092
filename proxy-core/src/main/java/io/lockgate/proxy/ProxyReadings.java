package io.lockgate.proxy;

import io.lockgate.accesslog.AccessLogCounts;
import io.lockgate.limit.MemoryWatch;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricSource;
import io.lockgate.metrics.Readings;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.tls.EngineTime;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.tls.TicketKeys;
import io.lockgate.tls.UpstreamTlsCounts;
import io.lockgate.upstream.ServerFigures;
import io.lockgate.upstream.UpstreamPool;
import io.netty.util.internal.PlatformDependent;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The gauges: what stands in the running proxy at the moment of a scrape. On the scraper's thread.
 */
final class ProxyReadings implements MetricSource {
  private final CurrentSnapshot current;
  private final MemoryWatch memory;
  private final TicketKeys ticketKeys;
  private final UpstreamTlsCounts upstreamTls;
  private final HandshakeWorkers workers;
  private final Clock clock;
  private final AccessLogCounts accessLog;
  private final String version;

  ProxyReadings(
      CurrentSnapshot current,
      MemoryWatch memory,
      TicketKeys ticketKeys,
      UpstreamTlsCounts upstreamTls,
      HandshakeWorkers workers,
      Clock clock,
      AccessLogCounts accessLog,
      String version) {
    this.current = current;
    this.memory = memory;
    this.ticketKeys = ticketKeys;
    this.upstreamTls = upstreamTls;
    this.workers = workers;
    this.clock = clock;
    this.accessLog = accessLog;
    this.version = version;
  }

  @Override
  public void glance(Readings readings) {
    readings.value(Metric.MEMORY_PRESSURE, memory.pressure());
  }

  @Override
  public void read(Readings readings) {
    Snapshot snapshot = current.get();
    for (CertificateEntry entry : snapshot.identities().entries()) {
      readings.value(
          Metric.TLS_CERTIFICATE_NOT_BEFORE,
          entry.identity().notBefore().getEpochSecond(),
          entry.name());
      readings.value(
          Metric.TLS_CERTIFICATE_NOT_AFTER,
          entry.identity().notAfter().getEpochSecond(),
          entry.name());
    }
    boolean tickets = snapshot.config().tls().tickets().enabled();
    readings.value(Metric.TLS_TICKET_KEYS, tickets ? 1 : 0, "current");
    readings.value(Metric.TLS_TICKET_KEYS, tickets ? ticketKeys.acceptedKeys() : 0, "accepted");
    readings.value(
        Metric.TLS_TICKET_KEY_AGE, tickets ? ticketKeys.ageSeconds(clock.instant()) : 0.0);
    snapshot.pools().values().forEach(pool -> read(readings, pool));
    upstreamTls.eachHandshake(
        (labels, count) ->
            readings.value(Metric.UPSTREAM_TLS_HANDSHAKES, count, labels.toArray(String[]::new)));
    upstreamTls.eachClose(
        (how, count) ->
            readings.value(
                Metric.TLS_CLOSES, count, "upstream", how.name().toLowerCase(Locale.ROOT)));
    readings.value(
        Metric.TLS_CPU, workers.processorNanos() / 1e9, EngineTime.Phase.HANDSHAKE.label());
    readings.value(Metric.ACCESS_LOG_DROPPED, accessLog.dropped());
    readings.value(Metric.ACCESS_LOG_WRITE_ERRORS, accessLog.writeErrors());
    readings.value(Metric.MEMORY_DIRECT, PlatformDependent.usedDirectMemory());
    glance(readings);
    readings.value(Metric.MEMORY_CEILING, memory.ceilingBytes());
    readings.value(Metric.BUILD_INFO, 1L, version, System.getProperty("java.version", "unknown"));
  }

  private static void read(Readings readings, UpstreamPool pool) {
    readings.value(Metric.UPSTREAM_CONNECTIONS, pool.waiting(), pool.name(), "", "waiting");
    // A name is one label for all its addresses, which come and go.
    Map<String, List<ServerFigures>> byName =
        pool.figures().stream().collect(Collectors.groupingBy(ServerFigures::name));
    byName.forEach((name, servers) -> read(readings, pool.name(), name, servers));
    if (pool.config().health().isPresent()) {
      long[] checks = pool.healthChecks();
      readings.value(Metric.UPSTREAM_HEALTH_CHECKS, checks[0], pool.name(), "good");
      readings.value(Metric.UPSTREAM_HEALTH_CHECKS, checks[1], pool.name(), "bad");
    }
  }

  private static void read(
      Readings readings, String upstream, String name, List<ServerFigures> servers) {
    boolean healthy = servers.stream().anyMatch(ServerFigures::healthy);
    readings.value(Metric.UPSTREAM_HEALTHY, healthy ? 1 : 0, upstream, name);
    int active = servers.stream().mapToInt(ServerFigures::active).sum();
    readings.value(Metric.UPSTREAM_CONNECTIONS, active, upstream, name, "active");
    int idle = servers.stream().mapToInt(ServerFigures::idle).sum();
    readings.value(Metric.UPSTREAM_CONNECTIONS, idle, upstream, name, "idle");
    int ejections = servers.stream().mapToInt(ServerFigures::ejections).sum();
    readings.value(Metric.UPSTREAM_EJECTIONS, ejections, upstream, name);
  }
}

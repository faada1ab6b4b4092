package io.lockgate.admin;

import io.lockgate.alert.AlertReport;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.proxy.UpstreamView;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gathers what the dashboard shows. What takes long to gather is gathered with each sample, the
 * rest with each document. {@link #sample} and {@link #document} run on the dashboard's thread
 * only, {@link #points} on any.
 */
final class DashboardView {
  private static final int MOST_FAILURES = 25;
  private static final int MOST_UPSTREAMS = 40;
  private static final int MOST_ALERTS = 40;
  private static final int MOST_RELOADS = 10;

  private final AdminSources sources;
  private final Clock clock;
  private final TrafficHistory history;
  private final ProcessGauges gauges = new ProcessGauges();
  private CertificateHorizon certificates = CertificateHorizon.NONE;
  private long certificatesOf = -1;

  DashboardView(AdminSources sources, Clock clock) {
    this.sources = sources;
    this.clock = clock;
    this.history = new TrafficHistory(TrafficReading.NOTHING, clock.instant());
  }

  /** Takes a point of the history. */
  void sample() {
    Instant now = clock.instant();
    List<MetricFamily> families = sources.glance();
    history.add(TrafficReading.of(sources.levels(), families), now);
    gauges.take(families, now);
    certificatesOf = -1;
  }

  Optional<TrafficSeries.Points> points(Optional<String> host) {
    return history.points(host);
  }

  DashboardDocument document() {
    long generation = sources.generation();
    if (certificatesOf != generation) {
      certificates = CertificateHorizon.of(sources.certificates());
      certificatesOf = generation;
    }
    AlertReport alerts = sources.alerts();
    return new DashboardDocument(
        clock.instant(),
        sources.version(),
        Documents.lower(sources.state()),
        generation,
        history.total(),
        hosts(alerts),
        history.hostsWithout(),
        gauges.view(),
        history.reasons(),
        sources.failedHandshakes().stream().limit(MOST_FAILURES).toList(),
        certificates,
        upstreams(),
        alerts(alerts),
        sources.listeners(),
        sources.reloads().stream().limit(MOST_RELOADS).map(Documents.Reload::of).toList());
  }

  private List<DashboardDocument.Host> hosts(AlertReport alerts) {
    return history.hosts().stream().map(rates -> host(rates, alerts)).toList();
  }

  private static DashboardDocument.Host host(TrafficHistory.Rates rates, AlertReport alerts) {
    Map<String, Map<String, Double>> burnRates = new TreeMap<>();
    String standing = "ok";
    for (AlertReport.LevelView level : alerts.levels()) {
      if (level.host().equals(rates.host())) {
        Map<String, Double> windows = new TreeMap<>();
        level.windows().forEach((window, view) -> windows.put(window, view.burnRate()));
        burnRates.put(level.level(), windows);
        standing = worse(standing, level.state());
      }
    }
    return new DashboardDocument.Host(rates, standing, burnRates);
  }

  private static String worse(String one, String other) {
    List<String> order = List.of("ok", "ticket", "page");
    return order.indexOf(one) >= order.indexOf(other) ? one : other;
  }

  private DashboardDocument.Upstreams upstreams() {
    List<UpstreamView> all = sources.upstreams();
    return new DashboardDocument.Upstreams(
        all.size(),
        all.stream().mapToInt(upstream -> upstream.servers().size()).sum(),
        all.stream().mapToInt(DashboardView::ill).sum(),
        all.stream()
            .sorted(
                Comparator.comparingInt(DashboardView::ill)
                    .reversed()
                    .thenComparing(UpstreamView::name))
            .limit(MOST_UPSTREAMS)
            .toList());
  }

  private static int ill(UpstreamView upstream) {
    return (int) upstream.servers().stream().filter(s -> !s.state().equals("ready")).count();
  }

  private static DashboardDocument.Alerts alerts(AlertReport report) {
    List<AlertReport.AlertView> shown =
        report.alerts().stream().limit(MOST_ALERTS).toList(); // the most urgent come first
    long firing = report.alerts().stream().filter(a -> a.state().equals("firing")).count();
    return new DashboardDocument.Alerts(report.state(), (int) firing, shown);
  }
}

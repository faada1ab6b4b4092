package io.lockgate.admin;

import io.lockgate.alert.AlertReport;
import io.lockgate.alert.AlertWatch;
import io.lockgate.alert.LevelSource;
import io.lockgate.alert.Silences;
import io.lockgate.config.model.AlertsConfig;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.explain.ClientReport;
import io.lockgate.explain.ExplainedHandshake;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.proxy.ConnectionsView;
import io.lockgate.proxy.ListenerView;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.proxy.UpstreamView;
import io.lockgate.staple.RefreshReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A proxy that is only pretended: states are set by the test, changes are written down. */
final class RecordingSources implements AdminSources {
  final List<String> changes = new CopyOnWriteArrayList<>();
  volatile Proxy.State state = Proxy.State.READY;
  volatile boolean turning = true;
  volatile ReloadReport.Result reloadResult = ReloadReport.Result.APPLIED;
  volatile CountDownLatch reloadMayEnd = new CountDownLatch(0);
  volatile ProxyMetrics metrics = new ProxyMetrics(1, List.of());

  final AlertWatch watch =
      new AlertWatch(AlertsConfig.STANDARD, Clock.systemUTC(), counts -> {}, List::of);

  Optional<Refusal> refusal = Optional.empty();

  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public Proxy.State state() {
    return state;
  }

  @Override
  public boolean loopsTurning() {
    return turning;
  }

  @Override
  public long generation() {
    return 7;
  }

  @Override
  public List<ConnectionsView> connections() {
    return List.of(new ConnectionsView("https", "www.example.com", "h2", 3, 12.5, "192.0.2.7"));
  }

  @Override
  public List<ListenerView> listeners() {
    return List.of(new ListenerView("https", "127.0.0.1:8443", true, 3));
  }

  @Override
  public List<HostView> hosts() {
    return List.of(
        new HostView(
            "www.example",
            List.of("example"),
            "http",
            "",
            "intermediate",
            HostView.ClientAuthView.OFF,
            List.of(),
            List.of("www"),
            List.of(new HostView.RouteView("prefix", "/", List.of(), "forward", "app"))));
  }

  @Override
  public List<UpstreamView> upstreams() {
    return List.of(
        new UpstreamView(
            "app",
            "http/1.1",
            Optional.empty(),
            0,
            List.of(
                new UpstreamView.ServerView(
                    "127.0.0.1:9001",
                    "127.0.0.1:9001",
                    1,
                    0,
                    "ready",
                    true,
                    Instant.parse("2026-11-23T09:08:07Z"),
                    "",
                    0,
                    2,
                    3,
                    2,
                    40))));
  }

  @Override
  public List<CertificateView> certificates() {
    return List.of(
        new CertificateView(
            "www",
            "team-web",
            "CN=www.example",
            List.of("www.example"),
            "CN=Test",
            "0a",
            "EC P-256",
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2027-01-01T00:00:00Z"),
            39,
            true,
            "good",
            Optional.of(
                new OcspView(
                    true,
                    "http://ocsp.example",
                    Optional.of(Instant.parse("2026-02-01T00:00:00Z")),
                    Optional.of(Instant.parse("2026-02-08T00:00:00Z")),
                    Optional.empty(),
                    "")),
            List.of("www.example"),
            Optional.of(7L),
            List.of()));
  }

  @Override
  public List<SettingView> settings() {
    return List.of(
        new SettingView("admin.token", "<redacted>", "conf/lockgate.conf:3"),
        new SettingView("runtime.transport", "auto", "built-in"));
  }

  @Override
  public List<MetricFamily> metrics() {
    return metrics.collect();
  }

  @Override
  public List<MetricFamily> scrape() {
    return metrics.scrape();
  }

  @Override
  public List<MetricFamily> glance() {
    return metrics.glance();
  }

  @Override
  public LevelSource levels() {
    return metrics::readLevels;
  }

  @Override
  public List<ClientReport> clients() {
    return List.of();
  }

  @Override
  public List<ExplainedHandshake> failedHandshakes() {
    return List.of(failed("www.example", "timeout"), failed("other", "unknown_host"));
  }

  private static ExplainedHandshake failed(String host, String reason) {
    return new ExplainedHandshake(
        Instant.parse("2026-11-23T09:08:07Z"),
        Instant.parse("2026-11-23T09:08:00Z"),
        3,
        "192.0.2.1",
        "",
        "https",
        host,
        reason,
        "It failed.",
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        "");
  }

  @Override
  public AlertReport alerts() {
    return watch.report();
  }

  @Override
  public Silences silences() {
    return watch.silences();
  }

  @Override
  public List<ReloadReport> reloads() {
    return List.of(report("start", ReloadReport.Result.APPLIED));
  }

  @Override
  public ReloadReport reload(String trigger) {
    changes.add("reload by " + trigger);
    try {
      reloadMayEnd.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return report(trigger, reloadResult);
  }

  private static ReloadReport report(String trigger, ReloadReport.Result result) {
    boolean rejected = result == ReloadReport.Result.REJECTED;
    ConfigProblem error =
        ConfigProblem.error(
            "unknown-upstream",
            "hosts",
            new Origin("conf/routes.conf", 14),
            "no upstream \"chekout\"",
            "did you mean \"checkout\"?");
    return new ReloadReport(
        7,
        Instant.parse("2026-11-23T09:08:07Z"),
        Duration.ofMillis(12),
        trigger,
        result,
        rejected ? List.of() : List.of("host www.example added"),
        rejected ? List.of(error) : List.of());
  }

  @Override
  public UpgradeResult upgrade() {
    changes.add("upgrade");
    return new UpgradeResult(4711, "test", "");
  }

  @Override
  public void drain() {
    changes.add("drain");
    state = Proxy.State.DRAINING;
  }

  @Override
  public Optional<Refusal> rotateTicketKeys(boolean forget) {
    changes.add(forget ? "rotate and forget" : "rotate");
    return refusal;
  }

  @Override
  public boolean serverState(String upstream, String address, String state) {
    changes.add(upstream + " " + address + " " + state);
    return upstream.equals("app");
  }

  @Override
  public Optional<RefreshReport> refreshStaples(Optional<String> certificate) {
    changes.add("ocsp " + certificate.orElse("all"));
    return certificate.isPresent() && !certificate.get().equals("www")
        ? Optional.empty()
        : Optional.of(new RefreshReport(3, 1, 1, 1));
  }

  @Override
  public void logLevel(String logger, LogLevel level) {
    changes.add("log " + logger + " " + level);
  }
}

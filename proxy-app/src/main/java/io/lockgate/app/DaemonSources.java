package io.lockgate.app;

import io.lockgate.admin.AdminSources;
import io.lockgate.admin.CertificateView;
import io.lockgate.admin.HostView;
import io.lockgate.admin.LogLevel;
import io.lockgate.admin.SettingView;
import io.lockgate.alert.AlertReport;
import io.lockgate.alert.LevelSource;
import io.lockgate.alert.Silences;
import io.lockgate.app.log.DaemonLog;
import io.lockgate.explain.ClientReport;
import io.lockgate.explain.ExplainedHandshake;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.proxy.ConnectionsView;
import io.lockgate.proxy.ListenerView;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.proxy.UpstreamView;
import io.lockgate.staple.RefreshReport;
import io.lockgate.ticket.TicketSourceException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the admin endpoint is told of this process, and what it may order. Runs on its workers. */
record DaemonSources(Proxy proxy, DaemonControl control, DaemonLog log, Surroundings surroundings)
    implements AdminSources {

  @Override
  public String version() {
    return surroundings.version();
  }

  @Override
  public Proxy.State state() {
    return proxy.state();
  }

  @Override
  public boolean loopsTurning() {
    return proxy.loopsTurning();
  }

  @Override
  public long generation() {
    return proxy.generation();
  }

  @Override
  public List<ListenerView> listeners() {
    return proxy.listeners();
  }

  @Override
  public List<ConnectionsView> connections() {
    return proxy.connections();
  }

  @Override
  public List<HostView> hosts() {
    return inventory().hosts();
  }

  @Override
  public List<UpstreamView> upstreams() {
    return proxy.upstreams();
  }

  @Override
  public List<CertificateView> certificates() {
    return inventory()
        .certificates(
            surroundings.clock().instant(),
            entry -> StapleShown.of(proxy.staple(entry.identity())),
            entry -> Optional.of(proxy.handshakes(entry.identity())));
  }

  @Override
  public List<SettingView> settings() {
    return proxy.effective().rows().stream()
        .map(row -> new SettingView(row.path(), row.value(), row.origin().toString()))
        .toList();
  }

  @Override
  public List<MetricFamily> metrics() {
    return proxy.metrics().collect();
  }

  @Override
  public List<MetricFamily> scrape() {
    return proxy.metrics().scrape();
  }

  @Override
  public List<MetricFamily> glance() {
    return proxy.metrics().glance();
  }

  @Override
  public LevelSource levels() {
    return proxy.metrics()::readLevels;
  }

  @Override
  public List<ClientReport> clients() {
    return proxy.clients();
  }

  @Override
  public List<ExplainedHandshake> failedHandshakes() {
    return proxy.failedHandshakes();
  }

  @Override
  public AlertReport alerts() {
    return proxy.alerts();
  }

  @Override
  public Silences silences() {
    return proxy.silences();
  }

  @Override
  public List<ReloadReport> reloads() {
    return proxy.reloads();
  }

  @Override
  public ReloadReport reload(String trigger) {
    return proxy.reload(trigger);
  }

  @Override
  public UpgradeResult upgrade() {
    return control.upgrade().join();
  }

  /** The whole process ends after it, as by a signal. */
  @Override
  public void drain() {
    control.stop();
  }

  @Override
  public Optional<Refusal> rotateTicketKeys(boolean forget) {
    try {
      proxy.rotateTicketKeys(forget);
      return Optional.empty();
    } catch (TicketSourceException e) {
      return Optional.of(new Refusal(e.getMessage(), e.hint()));
    }
  }

  @Override
  public boolean serverState(String upstream, String address, String state) {
    return proxy.wish(upstream, address, state);
  }

  @Override
  public Optional<RefreshReport> refreshStaples(Optional<String> certificate) {
    return proxy.refreshStaples(certificate);
  }

  @Override
  public void logLevel(String logger, LogLevel level) {
    if (!log.level(logger, level.name().toLowerCase(Locale.ROOT))) {
      throw new AssertionError(level);
    }
  }

  private Inventory inventory() {
    return new Inventory(proxy.config(), proxy.certificates());
  }
}

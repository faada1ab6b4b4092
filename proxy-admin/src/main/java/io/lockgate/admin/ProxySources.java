package io.lockgate.admin;

import io.lockgate.metrics.MetricFamily;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.proxy.ListenerView;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.proxy.UpstreamView;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;

/** The running proxy as the admin endpoint sees it. */
public final class ProxySources implements AdminSources {
  private final Proxy proxy;
  private final String version;
  private final Clock clock;
  private final Daemon daemon;

  public ProxySources(Proxy proxy, String version, Clock clock, Daemon daemon) {
    this.proxy = proxy;
    this.version = version;
    this.clock = clock;
    this.daemon = daemon;
  }

  /**
   * What is for the process to do, not for the proxy.
   *
   * @param drain asks for the same end as the first SIGTERM, and returns
   * @param logLevel sets the level of a logger
   */
  public record Daemon(Runnable drain, BiConsumer<String, LogLevel> logLevel) {}

  @Override
  public String version() {
    return version;
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
  public List<HostView> hosts() {
    Coverage coverage = coverage();
    return proxy.config().hosts().stream()
        .map(host -> HostView.of(host, coverage.certificatesOf(host)))
        .toList();
  }

  @Override
  public List<UpstreamView> upstreams() {
    return proxy.upstreams();
  }

  @Override
  public List<CertificateView> certificates() {
    return CertificateView.inventory(proxy.config().hosts(), entries(), clock.instant());
  }

  private Coverage coverage() {
    return new Coverage(proxy.config().hosts(), entries());
  }

  private List<CertificateEntry> entries() {
    return proxy.certificates().entries();
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
  public List<ReloadReport> reloads() {
    return proxy.reloads();
  }

  @Override
  public ReloadReport reload(String trigger) {
    return proxy.reload(trigger);
  }

  @Override
  public void drain() {
    daemon.drain().run();
  }

  @Override
  public void rotateTicketKeys() {
    proxy.rotateTicketKeys();
  }

  @Override
  public void logLevel(String logger, LogLevel level) {
    daemon.logLevel().accept(logger, level);
  }
}

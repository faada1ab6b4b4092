package io.lockgate.admin;

import io.lockgate.alert.AlertReport;
import io.lockgate.alert.LevelSource;
import io.lockgate.alert.Silences;
import io.lockgate.explain.ClientReport;
import io.lockgate.explain.ExplainedHandshake;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.proxy.ConnectionsView;
import io.lockgate.proxy.ListenerView;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.proxy.UpstreamView;
import io.lockgate.staple.RefreshReport;
import java.util.List;
import java.util.Optional;

/**
 * What the admin endpoint knows of the running proxy, and what it may do to it. Called on the admin
 * endpoint's own worker threads, several at a time; methods that change something may block and are
 * called one after the other.
 */
public interface AdminSources {
  String version();

  Proxy.State state();

  /** Whether every event loop still turns. */
  boolean loopsTurning();

  long generation();

  List<ListenerView> listeners();

  /** Open connections by listener, host and protocol. */
  List<ConnectionsView> connections();

  List<HostView> hosts();

  List<UpstreamView> upstreams();

  List<CertificateView> certificates();

  /** The effective configuration; secrets are already redacted. */
  List<SettingView> settings();

  List<MetricFamily> metrics();

  /** The same for scrapes: without the percentiles of histograms. */
  List<MetricFamily> scrape();

  /** The few of them that the dashboard samples, as scrapes have them. */
  List<MetricFamily> glance();

  /** How often hosts kept and missed their service levels since the start. */
  LevelSource levels();

  /** The busiest host first. */
  List<ClientReport> clients();

  /** Newest first. */
  List<ExplainedHandshake> failedHandshakes();

  /** What fires, and how fast hosts use up what their objectives allow. */
  AlertReport alerts();

  /** Times in which nobody wants to hear of some alerts. */
  Silences silences();

  /** Newest first. */
  List<ReloadReport> reloads();

  /** Blocks until the reload is over. */
  ReloadReport reload(String trigger);

  /** Starts another process that takes over; blocks until it serves, or has failed to. */
  UpgradeResult upgrade();

  /**
   * What came of an upgrade.
   *
   * @param pid of the process that serves now; 0 where this one goes on
   * @param version of the process that serves now
   * @param failure why this process goes on; empty where it does not
   */
  record UpgradeResult(long pid, String version, String failure) {
    public boolean done() {
      return failure.isEmpty();
    }
  }

  /** Begins to drain and returns; does nothing more where that was done before. */
  void drain();

  /**
   * Makes a new session ticket key.
   *
   * @param forget whether all earlier sessions are void from now on
   * @return why it cannot be done; empty where it is done
   */
  Optional<Refusal> rotateTicketKeys(boolean forget);

  /**
   * What cannot be done, and what to do instead.
   *
   * @param reason a sentence
   */
  record Refusal(String reason, String hint) {}

  /**
   * What becomes of requests to a server, until the next reload.
   *
   * @param state {@code ready}, {@code drain} or {@code maintenance}
   * @return whether there is such a server
   */
  boolean serverState(String upstream, String address, String state);

  /**
   * Asks OCSP responders; blocks until they have answered, or for the configured timeout.
   *
   * @param certificate empty for all
   * @return empty where there is no such certificate
   */
  Optional<RefreshReport> refreshStaples(Optional<String> certificate);

  /** The level from now on, until the process ends. */
  void logLevel(String logger, LogLevel level);
}

package io.lockgate.admin;

import io.lockgate.alert.AlertReport;
import io.lockgate.explain.ExplainedHandshake;
import io.lockgate.proxy.ListenerView;
import io.lockgate.proxy.UpstreamView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that the dashboard shows without a further question, at one moment. Every list is bounded.
 *
 * @param failures failed handshakes, the newest first
 * @param otherHosts with traffic of late that are not among {@code hosts}
 */
record DashboardDocument(
    Instant time,
    String version,
    String state,
    long generation,
    TrafficHistory.Rates total,
    List<Host> hosts,
    int otherHosts,
    ProcessGauges.View gauges,
    List<TrafficHistory.Reason> reasons,
    List<ExplainedHandshake> failures,
    CertificateHorizon certificates,
    Upstreams upstreams,
    Alerts alerts,
    List<ListenerView> listeners,
    List<Documents.Reload> reloads) {

  /**
   * @param burnRates by level and window; empty where alerts are switched off
   * @param standing {@code page}, {@code ticket} or {@code ok}: the worst of its levels
   */
  record Host(
      TrafficHistory.Rates rates, String standing, Map<String, Map<String, Double>> burnRates) {}

  /**
   * @param shown those with servers that are ill come first
   */
  record Upstreams(int count, int servers, int illServers, List<UpstreamView> shown) {}

  /**
   * @param state {@code page}, {@code ticket} or {@code ok}
   * @param shown the most urgent first
   */
  record Alerts(String state, int firing, List<AlertReport.AlertView> shown) {}
}

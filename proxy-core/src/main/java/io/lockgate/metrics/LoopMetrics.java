package io.lockgate.metrics;

import io.lockgate.alert.LevelSource;
import io.lockgate.alert.ServiceLevel;
import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.listen.ConnectionListener;
import io.lockgate.relay.RelayListener;
import io.lockgate.relay.RelaySummary;
import io.lockgate.tls.EngineTime;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener;
import io.lockgate.upstream.UpstreamListener;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one event loop has counted. Events come on that loop only and neither lock nor, once a set
 * of labels was seen, allocate; {@link #report} may be called from the thread of a scrape at any
 * time.
 */
public final class LoopMetrics
    implements ExchangeListener, TlsListener, UpstreamListener, ConnectionListener, RelayListener {
  /** Those durations that {@link ProxyMetrics#glance} tells of. */
  static final List<Metric> GLANCED_DURATIONS =
      List.of(Metric.TLS_HANDSHAKE_DURATION, Metric.HTTP_REQUEST_DURATION, Metric.EVENT_LOOP_LAG);

  private final HostLabels hostLabels;
  private final TlsCounts tls;

  private final Map<Metric, LabelTable<Counter>> counters = new EnumMap<>(Metric.class);
  private final LabelTable<Counter> requests = counters(Metric.HTTP_REQUESTS);
  private final LabelTable<Counter> requestBytes = counters(Metric.HTTP_REQUEST_BYTES);
  private final LabelTable<Counter> responseBytes = counters(Metric.HTTP_RESPONSE_BYTES);
  private final LabelTable<Counter> rejections = counters(Metric.HTTP_REJECTED_REQUESTS);
  private final LabelTable<Counter> attempts = counters(Metric.UPSTREAM_REQUESTS);
  private final LabelTable<Counter> badResponses = counters(Metric.UPSTREAM_REJECTED_RESPONSES);
  private final LabelTable<Counter> retries = counters(Metric.UPSTREAM_RETRIES);
  private final LabelTable<Counter> memoryCloses = counters(Metric.MEMORY_CLOSED_CONNECTIONS);
  private final LabelTable<Counter> accepted = counters(Metric.CONNECTIONS_TOTAL);
  private final LabelTable<Counter> refused = counters(Metric.CONNECTIONS_REFUSED);

  private final LabelTable<Counter> relayedBytes = counters(Metric.PASSTHROUGH_BYTES);
  private final LabelTable<Counter> relays = counters(Metric.RELAYS_TOTAL);
  private final LabelTable<Counter> relaysBegun = new LabelTable<>(Counter::new);
  private final LabelTable<Counter> relaysEnded = new LabelTable<>(Counter::new);

  private final LabelTable<Counter> ended = new LabelTable<>(Counter::new);
  private final Counter exchangesStarted = new Counter();
  private final Counter exchangesEnded = new Counter();
  private final Counter tunnelsStarted = new Counter();
  private final Counter tunnelsEnded = new Counter();

  private final LabelTable<Latency> requestDurations = new LabelTable<>(Latency::new);
  private final LabelTable<Latency> upstreamDurations = new LabelTable<>(Latency::new);
  private final Latency lag = new Latency();

  /** So that a request costs one lookup for all that is kept by host alone. */
  private final LabelTable<HostCells> hosts = new LabelTable<>(HostCells::new);

  /** How often places of hosts have become free. */
  private int vacancies;

  LoopMetrics(HostLabels hostLabels) {
    this.hostLabels = hostLabels;
    this.tls = new TlsCounts(hostLabels, this::counters);
  }

  private LabelTable<Counter> counters(Metric metric) {
    LabelTable<Counter> table = new LabelTable<>(Counter::new);
    counters.put(metric, table);
    return table;
  }

  @Override
  public void started() {
    exchangesStarted.add(1);
  }

  @Override
  public void switched() {
    tunnelsStarted.add(1);
  }

  @Override
  public void ended(ExchangeSummary summary) {
    exchangesEnded.add(1);
    String host = summary.host();
    requests
        .cell(
            host,
            summary.protocol().label(),
            LabelTexts.method(summary.method()),
            LabelTexts.code(summary.status()))
        .add(1);
    HostCells cells = hosts.cell(host);
    if (cells.duration == null || cells.vacancies != vacancies) {
      cells.vacancies = vacancies;
      cells.requestBytes = requestBytes.cell(host);
      cells.responseBytes = responseBytes.cell(host);
      cells.duration = requestDurations.cell(hostLabels.labelOf(host));
    }
    cells.requestBytes.add(summary.requestBytes());
    cells.responseBytes.add(summary.responseBytes());
    if (summary.switched()) {
      tunnelsEnded.add(1);
    } else {
      cells.duration.record(summary.durationNanos());
    }
  }

  @Override
  public void rejected(String listener, String clientAddress, String reason) {
    rejections.cell(reason).add(1);
  }

  /** Connections were closed because memory was used up. */
  public void closedForMemory(int connections) {
    memoryCloses.cell("").add(connections);
  }

  @Override
  public void limited(String reason) {
    rejections.cell(reason).add(1);
  }

  @Override
  public void handshakeSucceeded(String listener, TlsFacts facts, long nanos) {
    tls.handshakeSucceeded(listener, facts, nanos);
  }

  @Override
  public void handshakeSigned(String algorithm) {
    tls.handshakeSigned(algorithm);
  }

  @Override
  public void stapled(String certificate, StapleResult result) {
    tls.stapled(certificate, result);
  }

  @Override
  public void handshakeFailed(FailedHandshake failed) {
    tls.handshakeFailed(failed);
  }

  @Override
  public void closed(Side side, How how) {
    tls.closed(side, how);
  }

  @Override
  public void engineRan(EngineTime.Phase phase, long nanos) {
    tls.engineRan(phase, nanos);
  }

  @Override
  public void attemptEnded(String upstream, String server, String result, long nanos) {
    attempts.cell(upstream, server, result).add(1);
    upstreamDurations.cell(upstream).record(nanos);
  }

  @Override
  public void responseRefused(String upstream, String reason) {
    badResponses.cell(upstream, reason).add(1);
  }

  @Override
  public void retried(String upstream) {
    retries.cell(upstream).add(1);
  }

  @Override
  public Meter started(String host, String mode) {
    relaysBegun.cell(host, mode).add(1);
    Counter in = relayedBytes.cell(host, "in");
    Counter out = relayedBytes.cell(host, "out");
    return new Meter() {
      @Override
      public void fromClient(int bytes) {
        in.add(bytes);
      }

      @Override
      public void fromServer(int bytes) {
        out.add(bytes);
      }
    };
  }

  @Override
  public void ended(RelaySummary summary) {
    relaysEnded.cell(summary.host(), summary.mode()).add(1);
    relays.cell(summary.host(), summary.mode(), summary.result()).add(1);
  }

  @Override
  public void opened(String listener) {
    accepted.cell(listener).add(1);
  }

  @Override
  public void closed(String listener) {
    ended.cell(listener).add(1);
  }

  @Override
  public void refused(String listener, String reason) {
    refused.cell(listener, reason).add(1);
  }

  /** How much later than due a timer of this loop fired. */
  public void lagged(long nanos) {
    lag.record(nanos);
  }

  /** Drops the histograms of hosts that have lost their places. On the owning loop. */
  public void forget(Set<String> gone) {
    requestDurations.removeIf(entry -> gone.contains(entry.a));
    tls.forget(gone);
    vacancies++;
  }

  void report(Readings readings, LatencyTotals latencies) {
    counters.forEach(
        (metric, table) -> {
          int labels = metric.labels().size();
          table.forEach(entry -> readings.add(metric, entry.value.value(), entry.labels(labels)));
        });
    readOpen(readings);
    relaysEnded.forEach(entry -> openRelays(readings, entry.labels(2), -entry.value.value()));
    relaysBegun.forEach(entry -> openRelays(readings, entry.labels(2), entry.value.value()));
    readInFlight(readings);
    long endedTunnels = tunnelsEnded.value();
    readings.add(Metric.HTTP_WEBSOCKETS, tunnelsStarted.value() - endedTunnels, List.of());
    tls.readTime(readings);
    latencies.takeOver(Metric.UPSTREAM_DURATION, upstreamDurations);
    takeOverGlanced(latencies);
  }

  /** The part of {@link #report} that {@link ProxyMetrics#glance} is for. */
  void glance(Readings readings, LatencyTotals latencies) {
    tls.readFailures(readings);
    readOpen(readings);
    readInFlight(readings);
    takeOverGlanced(latencies);
  }

  private void readOpen(Readings readings) {
    // Ends are read before starts: a connection must not seem to have ended before it began.
    ended.forEach(entry -> open(readings, entry.a, -entry.value.value()));
    accepted.forEach(entry -> open(readings, entry.a, entry.value.value()));
  }

  private void readInFlight(Readings readings) {
    long endedExchanges = exchangesEnded.value();
    readings.add(
        Metric.HTTP_REQUESTS_IN_FLIGHT, exchangesStarted.value() - endedExchanges, List.of());
  }

  private void takeOverGlanced(LatencyTotals latencies) {
    tls.takeOver(latencies);
    latencies.takeOver(Metric.HTTP_REQUEST_DURATION, requestDurations);
    latencies.takeOver(Metric.EVENT_LOOP_LAG, List.of(), lag);
  }

  /** How often service levels were kept and missed, as docs/slis.md defines them. */
  void readLevels(LevelSource.Counts counts) {
    tls.readLevels(counts);
    requests.forEach(
        entry -> {
          boolean failed = entry.d.startsWith("5");
          long count = entry.value.value();
          counts.add(ServiceLevel.REQUESTS, entry.a, failed ? 0 : count, failed ? count : 0);
        });
  }

  /** Connections of a listener that this loop has open. */
  long open(String listener) {
    long[] open = {0};
    ended.forEach(entry -> open[0] -= entry.a.equals(listener) ? entry.value.value() : 0);
    accepted.forEach(entry -> open[0] += entry.a.equals(listener) ? entry.value.value() : 0);
    return open[0];
  }

  /** Connections that clients of this loop have made, and requests that were answered on them. */
  long served() {
    long[] served = {0};
    accepted.forEach(entry -> served[0] += entry.value.value());
    requests.forEach(entry -> served[0] += entry.value.value());
    return served[0];
  }

  private static void open(Readings readings, String listener, long connections) {
    readings.add(Metric.CONNECTIONS, connections, List.of(listener, "open"));
  }

  private static void openRelays(Readings readings, List<String> hostAndMode, long relays) {
    readings.add(Metric.RELAYS, relays, hostAndMode);
  }

  /** Filled on the first exchange of a host, and again once places have become free. */
  private static final class HostCells {
    int vacancies;
    Counter requestBytes;
    Counter responseBytes;
    Latency duration;
  }

  /** Label values without an allocation. */
  private static final class LabelTexts {
    private static final int MOST_CODE = 999;
    private static final String[] CODES = new String[MOST_CODE + 1];

    static {
      for (int code = 0; code <= MOST_CODE; code++) {
        CODES[code] = Integer.toString(code);
      }
    }

    static String code(int status) {
      return CODES[Math.max(0, Math.min(status, MOST_CODE))];
    }

    static String method(io.lockgate.http.Method method) {
      return method == io.lockgate.http.Method.OTHER ? "other" : method.name();
    }
  }
}

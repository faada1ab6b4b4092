package io.lockgate.proxy;

import io.lockgate.accesslog.AccessLog;
import io.lockgate.accesslog.CurrentAccessLog;
import io.lockgate.alert.AlertReport;
import io.lockgate.alert.AlertWatch;
import io.lockgate.alert.Silences;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.CloseRequest;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.hocon.ConfigSource;
import io.lockgate.config.hocon.EffectiveConfig;
import io.lockgate.config.hocon.ProblemReport;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.explain.ClientReport;
import io.lockgate.explain.ExplainedHandshake;
import io.lockgate.explain.HandshakeExplainer;
import io.lockgate.limit.ConnectionCount;
import io.lockgate.limit.MemoryWatch;
import io.lockgate.listen.BindException;
import io.lockgate.listen.ConnectionEntrance;
import io.lockgate.listen.InheritedSockets;
import io.lockgate.listen.ListenerSet;
import io.lockgate.loop.Loop;
import io.lockgate.loop.Loops;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import io.lockgate.snapshot.BuildResult;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.staple.RefreshReport;
import io.lockgate.staple.StapleFacts;
import io.lockgate.staple.Stapling;
import io.lockgate.ticket.TicketSourceException;
import io.lockgate.tls.CertificateUse;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.trace.Tracing;
import io.lockgate.upstream.UpstreamPool;
import io.lockgate.upstream.UpstreamWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running proxy: start, reload, drain, close. The only place where the parts are put together.
 * Methods may be called from any thread except an event loop.
 */
public final class Proxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

  private final Loops loops;
  private final UpstreamWatch watch;
  private final HandshakeWorkers workers;
  private final ContextCache contexts;
  private final TicketRotation tickets;
  private final Stapling stapling;
  private final CurrentSnapshot current;
  private final CurrentAccessLog accessLog;
  private final Tracing tracing;
  private final Observation observation;
  private final ProxyMetrics metrics;
  private final AlertWatch alerts;
  private final ConnectionCount connections;
  private final MemoryWatch memory;
  private final ConnectionEntrance entrance;
  private final ConfigSource source;
  private final InheritedSockets inherited;
  private final ListenerSet listeners;
  private final CertificateUse certificateUse;
  private final ConnectionCensus census;
  private final Control control;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile State state = State.STARTING;

  /** What the first generation waits for; empty from {@link #serve} on. */
  private Optional<Opening> opening = Optional.empty();

  private record Opening(ListenerSet.Preparation sockets, List<ConfigProblem> warnings) {}

  /** What the daemon does as a whole. */
  public enum State {
    STARTING,
    READY,
    DRAINING,
    STOPPED
  }

  private Proxy(Parts parts, Snapshot first, AccessLog firstLog) {
    loops = parts.loops();
    source = parts.source();
    watch = parts.watch();
    workers = parts.workers();
    contexts = parts.contexts();
    certificateUse = parts.certificateUse();
    tickets = parts.tickets();
    stapling = parts.stapling();
    current = new CurrentSnapshot(first);
    accessLog = new CurrentAccessLog(firstLog);
    tracing = new Tracing(parts.setup().clock(), parts.setup().version());
    connections = new ConnectionCount();
    memory = new MemoryWatch(new ProcessMemory());
    alerts = alerts(parts, first.config());
    observation = new Observation(parts, current, accessLog, tracing, memory, alerts);
    metrics = observation.metrics();
    List<ClientLoop> clients = loops.all().stream().map(loop -> new ClientLoop(current)).toList();
    census = new ConnectionCensus(loops, clients);
    entrance = new ConnectionEntrance(current, connections, memory, observation.of(clients));
    inherited = parts.inherited();
    listeners = new ListenerSet(loops, entrance, inherited);
    memory.relieveBy(loops.all().stream().map(loop -> relief(loop, clients)).toList());
    memory.sample(first.config().limits().memory());
    control = new Control(parts, current, accessLog, listeners, clients, metrics, memory, alerts);
  }

  private MemoryWatch.Relief relief(Loop loop, List<ClientLoop> clients) {
    return new LoopRelief(loop, clients.get(loop.index()), metrics.forLoop(loop.index()));
  }

  private AlertWatch alerts(Parts parts, ProxyConfig config) {
    var states =
        new StandingAlerts(
            current, parts.stapling(), () -> reloads().stream().findFirst(), parts.setup().clock());
    return new AlertWatch(
        config.alerts(), parts.setup().clock(), counts -> metrics().readLevels(counts), states);
  }

  /**
   * Reads, builds, binds and serves.
   *
   * @throws StartException with the exit code and, for a wrong configuration, the rendered problems
   */
  public static Proxy start(ProxySetup setup) throws StartException {
    Proxy proxy = prepare(setup, Inheritance.NONE);
    proxy.serve();
    return proxy;
  }

  /**
   * Reads, builds and binds, or takes over what is bound; accepts nothing before {@link #serve}.
   *
   * @throws StartException with the exit code and, for a wrong configuration, the rendered problems
   */
  public static Proxy prepare(ProxySetup setup, Inheritance inheritance) throws StartException {
    LoadingAhead libraries = LoadingAhead.begin();
    ConfigSource source = new ConfigSource(setup.configFile(), setup.environment());
    ConfigResult read = source.read();
    if (!(read instanceof ConfigResult.Valid valid)) {
      throw wrongConfiguration(read.problems());
    }
    IdentityCatalog identities = identities(setup, valid.config());
    libraries.await();
    Parts parts;
    try {
      parts = Parts.of(setup, source, valid.config(), inheritance);
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new StartException(1, "error: " + e.getMessage(), e);
    } catch (TicketSourceException e) {
      throw wrongConfiguration(List.of(e.problem(valid.config())));
    }
    try {
      return prepare(parts, valid, identities);
    } catch (StartException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static IdentityCatalog identities(ProxySetup setup, ProxyConfig config) {
    var loader = new IdentityLoader(setup.clock(), setup.environment());
    int readers = Runtime.getRuntime().availableProcessors();
    return loader.load(config, IdentityCatalog.EMPTY, readers);
  }

  private static Proxy prepare(Parts parts, ConfigResult.Valid valid, IdentityCatalog identities)
      throws StartException {
    BuildResult built = parts.builder().first(valid, identities);
    if (!(built instanceof BuildResult.Built first)) {
      throw wrongConfiguration(built.problems());
    }
    AccessLog log;
    try {
      log = AccessLog.open(valid.config().accessLog(), parts.logSetup());
    } catch (IOException e) {
      throw wrongConfiguration(List.of(ReloadProblems.accessLogUnwritable(valid.config(), e)));
    }
    Proxy proxy = new Proxy(parts, first.snapshot(), log);
    try {
      ListenerSet.Preparation sockets = proxy.listeners.prepare(valid.config().listeners());
      proxy.opening = Optional.of(new Opening(sockets, first.problems()));
      return proxy;
    } catch (BindException e) {
      proxy.control.close();
      proxy.alerts.close();
      log.close();
      throw new StartException(75, "error: " + e.getMessage(), e);
    }
  }

  /**
   * Accepts from now on. What was inherited and fits no listener is let go: connections that wait
   * there wait for an address that is served no more.
   */
  public synchronized void serve() {
    Opening first = opening.orElseThrow();
    opening = Optional.empty();
    Snapshot snapshot = current.get();
    first.sockets().follow();
    inherited
        .unclaimed()
        .forEach(at -> LOG.warn("a socket at {} was passed on, and no listener is there", at));
    inherited.closeUnclaimed();
    watch.follow(snapshot.pools().values());
    stapling.follow(snapshot.config(), snapshot.staples());
    control.started(first.warnings());
    alerts.start();
    state = State.READY;
  }

  private static StartException wrongConfiguration(List<ConfigProblem> problems) {
    return new StartException(78, ProblemReport.render(problems, false), null);
  }

  /** Files and directories that a reload of what serves now would read; file names may be links. */
  public Set<Path> files() {
    return ConfiguredFiles.of(config(), source.files());
  }

  public State state() {
    return state;
  }

  /** Whether every event loop turns: has run a task within a second. */
  public boolean loopsTurning() {
    CountDownLatch turned = new CountDownLatch(loops.count());
    loops.all().forEach(loop -> loop.executor().execute(turned::countDown));
    try {
      return turned.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Blocks until done; calls that come while one runs are answered by one further run. */
  public ReloadReport reload(String trigger) {
    return control.reload(trigger).join();
  }

  /** The same for who does not wait; completes on the thread that reloads. */
  public CompletionStage<ReloadReport> beginReload(String trigger) {
    return control.reload(trigger);
  }

  /** Newest first, bounded. */
  public List<ReloadReport> reloads() {
    return control.reloads();
  }

  /**
   * Stops accepting, and has every connection finish what it has in hand; completes when the last
   * one is gone. Further calls answer the same.
   */
  public synchronized CompletionStage<Void> drain() {
    if (state == State.READY) {
      state = State.DRAINING;
      LOG.info("draining {} connections", connections.open());
      entrance.drain();
      control.drain(connections::open, drained);
    }
    return drained;
  }

  /**
   * What another process needs to take over; no reload changes anything from here on, until {@link
   * #keep}. The descriptors are this process's own, and are to be sent while it serves.
   *
   * @throws IllegalStateException if the transport has no descriptors
   */
  public Inheritance bequeath() {
    control.hold("another process is about to take over");
    List<Inheritance.Socket> sockets = new ArrayList<>();
    listeners
        .sockets()
        .forEach((socket, configured) -> sockets.add(Inheritance.Socket.of(socket, configured)));
    return new Inheritance(sockets, tickets.handOver(), stapling.handOver());
  }

  /** Nobody took over; everything stays as it is. */
  public void keep() {
    control.release();
  }

  public long generation() {
    return current.get().generation();
  }

  public ProxyConfig config() {
    return current.get().config();
  }

  /** The configuration that serves, as an operator may read it. */
  public EffectiveConfig effective() {
    return current.get().effective();
  }

  public IdentityCatalog certificates() {
    return current.get().identities();
  }

  public List<UpstreamView> upstreams() {
    List<UpstreamView> views = new ArrayList<>();
    for (var upstream : config().upstreams()) {
      UpstreamPool pool = current.get().pools().get(upstream.name());
      if (pool != null) {
        views.add(UpstreamView.of(upstream, pool));
      }
    }
    return views;
  }

  public List<ListenerView> listeners() {
    Map<String, BindAddress> addresses = listeners.addresses();
    List<ListenerView> views = new ArrayList<>();
    for (ListenerConfig listener : config().listeners()) {
      BindAddress address = addresses.getOrDefault(listener.name(), listener.address());
      views.add(
          new ListenerView(
              listener.name(), address.toString(), listener.tls(), open(listener.name())));
    }
    return views;
  }

  /** Whether it serves, and no client is connected. */
  public boolean deserted() {
    return state == State.READY && connections.open() == 0;
  }

  /** Connections and requests of clients since the start. */
  public long served() {
    return metrics.served();
  }

  private long open(String listener) {
    return metrics.openConnections(listener);
  }

  /** Open connections by listener, host and protocol. Waits for every event loop's next turn. */
  public List<ConnectionsView> connections() {
    return census.take();
  }

  /**
   * What an operator wants with a server, until the next reload.
   *
   * @param address as {@link #upstreams} tells it, or a name for all its addresses
   * @param wish {@code ready}, {@code drain} or {@code maintenance}
   * @return whether there is such a server
   */
  public boolean wish(String upstream, String address, String wish) {
    UpstreamPool pool = current.get().pools().get(upstream);
    return pool != null && pool.wish(address, wish);
  }

  /** Recent failed handshakes, explained by the configuration that serves now; newest first. */
  public List<ExplainedHandshake> failedHandshakes() {
    return HandshakeExplainer.of(config()).explain(observation.failures());
  }

  /** What the clients of each host speak, over the last 24 hours. */
  public List<ClientReport> clients() {
    return observation.clientMix().report();
  }

  /** What somebody should be told of. */
  public AlertReport alerts() {
    return alerts.report();
  }

  /** Times in which nobody wants to hear of some alerts. */
  public Silences silences() {
    return alerts.silences();
  }

  /** For tests, which hold them up. */
  Loops loops() {
    return loops;
  }

  public ProxyMetrics metrics() {
    return metrics;
  }

  /**
   * Makes a new current ticket key.
   *
   * @param forget whether earlier sessions are void from now on; otherwise earlier keys go on being
   *     accepted as configured
   * @throws TicketSourceException where keys cannot be made here, saying what to do instead
   */
  public void rotateTicketKeys(boolean forget) throws TicketSourceException {
    tickets.rotate(forget);
  }

  /** Full handshakes that {@code identity} has served. */
  public long handshakes(Identity identity) {
    return certificateUse.handshakes(identity);
  }

  /** The OCSP response of an identity; empty where it can have none. */
  public Optional<StapleFacts> staple(Identity identity) {
    return stapling.facts(identity);
  }

  /**
   * Asks OCSP responders now; blocks until they have answered, or for {@code tls.ocsp.timeout}.
   *
   * @param certificate as configured, or as the inventory names it; empty for all
   * @return empty where there is no such certificate
   */
  public Optional<RefreshReport> refreshStaples(Optional<String> certificate) {
    Set<Identity> asked = new HashSet<>();
    for (CertificateEntry entry : certificates().entries()) {
      if (certificate.isEmpty()
          || certificate.get().equals(entry.name())
          || certificate.get().equals(entry.configName())) {
        asked.add(entry.identity());
      }
    }
    return asked.isEmpty() && certificate.isPresent()
        ? Optional.empty()
        : Optional.of(stapling.refreshNow(asked::contains));
  }

  /** Has the log files opened anew, after somebody moved them away; returns at once. */
  public void reopenLogs() {
    accessLog.reopen();
  }

  /** Ends at once whatever {@link #drain} has not finished, and waits for the event loops. */
  @Override
  public synchronized void close() {
    if (state == State.STOPPED) {
      return;
    }
    state = State.STOPPED;
    alerts.close();
    control.close();
    opening.ifPresent(first -> first.sockets().abandon());
    listeners.close();
    control.closeClients(CloseRequest.FORCED);
    current.get().pools().values().forEach(UpstreamPool::retire);
    stapling.close();
    contexts.close();
    workers.close();
    watch.close();
    loops.close();
    accessLog.get().close();
    tracing.close();
    drained.complete(null);
  }
}

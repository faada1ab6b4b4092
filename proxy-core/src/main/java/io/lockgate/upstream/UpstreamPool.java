package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.http.FieldName;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.ResponseHead;
import io.lockgate.loop.Loop;
import io.lockgate.loop.Loops;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsHandler;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to an upstream's servers, on all event loops. Survives every reload that leaves
 * its configuration equal. The bounds hold over all loops together; they are touched only when a
 * connection is opened or closed, or a request has to wait, never per request.
 */
public final class UpstreamPool implements Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamPool.class);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final UpstreamConfig config;
  private final HeadLimits responseLimits;
  private final Optional<UpstreamSecurity> security;
  private final LoopConnections[] perLoop;
  private final UpstreamWatch watch;
  private final ServerSetBuilder builder;
  private final StickyCookies[] cookies;
  private final HealthChecks.Counts checkCounts = new HealthChecks.Counts();
  private final Places places;
  private final AtomicLong changes = new AtomicLong();
  private final Outcomes.Ejector ejector;
  private final Optional<LatencyOutliers> outliers;
  private final AtomicLong lastBrokenWarning = new AtomicLong(System.nanoTime() - LOG_EVERY_NANOS);
  private final RetryTerms retryTerms;
  private volatile ServerSet servers;

  private UpstreamPool(
      UpstreamConfig config,
      HeadLimits responseLimits,
      Optional<UpstreamSecurity> security,
      Loops loops,
      UpstreamWatch watch) {
    this.config = config;
    this.security = security;
    this.responseLimits = responseLimits;
    this.perLoop = new LoopConnections[loops.count()];
    this.cookies = new StickyCookies[loops.count()];
    this.watch = watch;
    this.places = new Places(config.maxConnections(), config.maxWaiting());
    this.builder = new ServerSetBuilder(config, loops.transport(), watch, this::changed);
    this.ejector = newEjector();
    this.outliers =
        config
            .ejection()
            .filter(its -> its.latencyFactor() > 0)
            .map(its -> new LatencyOutliers(its.latencyFactor()));
    this.retryTerms = RetryTerms.of(config.retry());
  }

  /**
   * Builds a pool; connects nothing yet.
   *
   * @param watch knows the addresses of servers that are configured by name
   * @param responseLimits bounds of response heads
   * @param security present where the upstream's connections are TLS
   * @param before the pool that this one replaces, whose servers' health is known
   */
  public static UpstreamPool create(
      UpstreamConfig config,
      Loops loops,
      UpstreamWatch watch,
      HeadLimits responseLimits,
      Optional<UpstreamSecurity> security,
      Optional<UpstreamPool> before) {
    var pool = new UpstreamPool(config, responseLimits, security, loops, watch);
    Outcomes outcomes = new Outcomes(config, System::nanoTime, pool.ejector);
    pool.servers = pool.builder.first(before.map(UpstreamPool::servers));
    for (Loop loop : loops.all()) {
      int index = loop.index();
      Optional<StickyCookies> sticky = pool.newCookies();
      sticky.ifPresent(its -> pool.cookies[index] = its);
      var picker =
          new ServerPicker(
              new Roster(config.balance()),
              Balancers.of(config.balance(), watch.newRandom(), sticky),
              pool.changes,
              loop::nanoTime,
              config.connectTimeout().toNanos());
      var dialer = new Dialer(loop.executor(), loops.transport(), config.connectTimeout());
      pool.perLoop[index] = new LoopConnections(loop, pool, dialer, outcomes, picker);
      pool.perLoop[index].follow(pool.servers);
    }
    return pool;
  }

  /** Ejects servers that have been much slower than the others; on the watching loop. */
  void ejectSlow() {
    if (outliers.isPresent()) {
      outliers.get().look(headTotals()).forEach(ejector::eject);
    }
  }

  private Map<UpstreamServer, LatencyOutliers.Totals> headTotals() {
    Map<UpstreamServer, LatencyOutliers.Totals> totals = new HashMap<>();
    for (LoopConnections loop : perLoop) {
      for (ServerSlot slot : loop.slots()) {
        totals.merge(
            slot.server,
            new LatencyOutliers.Totals(slot.heads, slot.headNanos),
            LatencyOutliers.Totals::plus);
      }
    }
    return totals;
  }

  private Outcomes.Ejector newEjector() {
    return config
        .ejection()
        .<Outcomes.Ejector>map(
            its -> new Ejection(its, () -> servers.servers(), watch.loop(), System::nanoTime))
        .orElse((server, why) -> {});
  }

  private Optional<StickyCookies> newCookies() {
    return config
        .balance()
        .sticky()
        .map(
            its ->
                new StickyCookies(
                    config.name(),
                    its,
                    watch.cookieKey(),
                    () -> TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis())));
  }

  // ---- servers

  /** The servers as they are now. */
  ServerSet servers() {
    return servers;
  }

  /** Whether somebody has to look after its servers beside their requests. */
  boolean watched() {
    return config.health().isPresent()
        || config.ejection().isPresent()
        || config.servers().stream().anyMatch(ServerAddresses::named);
  }

  private void changed(String address, ServerState was, ServerState is, String why) {
    changes.incrementAndGet();
    String change =
        address
            + " is "
            + is.name().toLowerCase(Locale.ROOT)
            + ", and was "
            + was.name().toLowerCase(Locale.ROOT);
    if (is.healthy()) {
      LOG.info("upstream {}: {}: {}", config.name(), change, why);
    } else {
      LOG.warn("upstream {}: {}: {}", config.name(), change, why);
    }
    if (is == ServerState.MAINTENANCE || is == ServerState.DRAINING) {
      UpstreamServer server = servers.byAddress().get(address);
      onEveryLoop(loop -> loop.retireIdleAt(server));
    }
  }

  private void onEveryLoop(Consumer<LoopConnections> action) {
    for (LoopConnections loop : perLoop) {
      loop.loop().executor().execute(() -> action.accept(loop));
    }
  }

  /** Names may have other addresses; on the watching loop. */
  void namesChanged() {
    ServerSet next = builder.next(servers);
    if (!next.sameAs(servers)) {
      servers = next;
      changes.incrementAndGet();
      onEveryLoop(loop -> loop.follow(next));
    }
  }

  /**
   * What an operator wants with a server, until the next reload.
   *
   * @param address of one server, or a name for all its addresses
   * @param wish {@code ready}, {@code drain} or {@code maintenance}
   * @return whether there is such a server
   */
  public boolean wish(String address, String wish) {
    var wanted = ServerStanding.Wish.valueOf(wish.toUpperCase(Locale.ROOT));
    boolean found = false;
    for (UpstreamServer server : servers.servers()) {
      if (server.address().equals(address) || server.label().equals(address)) {
        server.standing().wish(wanted, System.nanoTime());
        found = true;
      }
    }
    return found;
  }

  /** Takes back every wish of an operator. */
  public void readyAll() {
    servers
        .servers()
        .forEach(server -> server.standing().wish(ServerStanding.Wish.READY, System.nanoTime()));
  }

  /** Why no server could be picked. */
  UpstreamFailure whyNoServer() {
    return servers.servers().isEmpty()
        ? UpstreamFailure.NAME_UNRESOLVED
        : UpstreamFailure.NO_SERVER;
  }

  /** Whether requests want a server of their own rather than any. */
  boolean affine() {
    return config.balance().sticky().isPresent()
        || config.balance().method() instanceof BalanceConfig.Method.Hash;
  }

  HealthChecks.Counts checkCounts() {
    return checkCounts;
  }

  @Override
  public void sign(Loop loop, ResponseHead head, RequestFacts facts, String address) {
    if (config.balance().sticky().isPresent()) {
      cookies[loop.index()]
          .fieldFor(facts, address)
          .ifPresent(value -> head.fields().append(FieldName.SET_COOKIE, value));
    }
  }

  @Override
  public String name() {
    return config.name();
  }

  public UpstreamConfig config() {
    return config;
  }

  /** Bounds of response heads. */
  public HeadLimits responseLimits() {
    return responseLimits;
  }

  /** Empty where connections are in clear. */
  public Optional<UpstreamSecurity> security() {
    return security;
  }

  /** Puts TLS into a channel that is yet to be connected to {@code server}. */
  UpstreamTlsHandler secure(
      Channel channel,
      UpstreamServer server,
      UpstreamTls.Offer offer,
      UpstreamTlsHandler.Outcome outcome) {
    UpstreamSecurity its = security.orElseThrow();
    return its.tls().secure(channel, server.host(), server.port(), offer, outcome, its.listener());
  }

  /** A server broke the rules of HTTP/2 and lost a connection with all requests on it. */
  void connectionBroken(UpstreamServer server, String why) {
    long now = System.nanoTime();
    long last = lastBrokenWarning.get();
    if (now - last >= LOG_EVERY_NANOS && lastBrokenWarning.compareAndSet(last, now)) {
      LOG.warn("upstream {}: {} broke a connection: {}", config.name(), server.address(), why);
    }
  }

  @Override
  public void open(Loop loop, UpstreamEvents events, RequestFacts facts, Attempt attempt) {
    perLoop[loop.index()].open(events, facts, attempt);
  }

  /**
   * Asks for a connection that will be the asker's alone; on {@code loop}. The answer may come
   * before this returns.
   *
   * @param postgres whether the server is asked for TLS as PostgreSQL does before anything else
   */
  public void connect(Loop loop, RawEvents events, RequestFacts facts, boolean postgres) {
    perLoop[loop.index()].openRaw(events, facts, postgres);
  }

  /** Whether servers are told who the client is, so that each has connections of its own. */
  boolean announces() {
    return config.sendProxyProtocol() != UpstreamConfig.SendProxyProtocol.OFF;
  }

  @Override
  public RetryTerms retryTerms() {
    return retryTerms;
  }

  @Override
  public boolean speaksEither() {
    return config.protocol() == UpstreamConfig.Protocol.AUTO;
  }

  @Override
  public int replayBytes() {
    return config.retry().replayBytes();
  }

  @Override
  public boolean takeRetry(Loop loop) {
    return perLoop[loop.index()].takeRetry();
  }

  /**
   * No new connection is kept after this: idle ones close now, others when their response has
   * ended. Requests that still come are served.
   */
  public void retire() {
    for (LoopConnections connections : perLoop) {
      connections.loop().executor().execute(connections::retire);
    }
  }

  /** A connection is gone; whoever waits on any loop may take its place. */
  void releaseConnection(Loop from) {
    places.releaseConnection();
    if (places.waiting() > 0) {
      // The others first: this loop has just had the place, and would have it again before any of
      // them wakes. Never at once: the caller may be in the middle of ending an exchange.
      AtomicInteger left = new AtomicInteger(perLoop.length);
      Runnable last =
          () -> {
            if (left.decrementAndGet() == 0) {
              from.executor().execute(perLoop[from.index()]::serveWaiters);
            }
          };
      for (LoopConnections loop : perLoop) {
        if (loop.loop() != from) {
          loop.loop()
              .executor()
              .execute(
                  () -> {
                    loop.serveWaiters();
                    last.run();
                  });
        }
      }
      last.run();
    }
  }

  /**
   * Asks the other loops to close an idle connection each, since this one has a request waiting.
   */
  void reclaimIdle(Loop asking) {
    for (LoopConnections loop : perLoop) {
      if (loop.loop() != asking) {
        loop.loop().executor().execute(loop::closeOneIdle);
      }
    }
  }

  /** The bounds on connections and on requests that wait for one, over all loops. */
  Places places() {
    return places;
  }

  /** Requests that wait for a connection now. */
  public int waiting() {
    return places.waiting();
  }

  /** Connections open or being opened, whatever they do. */
  int open() {
    return places.connections();
  }

  /** Figures of every server, summed over the loops; approximate while traffic flows. */
  public List<ServerFigures> figures() {
    ServerSet now = servers;
    List<ServerFigures> figures = new ArrayList<>();
    now.servers().forEach(server -> figures.add(figures(server)));
    for (String name : now.unresolved()) {
      figures.add(ServerFigures.unresolved(name, watch.known(host(name)).error()));
    }
    return figures;
  }

  private String host(String label) {
    return config.servers().stream()
        .filter(server -> server.address().equals(label))
        .map(UpstreamConfig.Server::host)
        .findFirst()
        .orElse(label);
  }

  private ServerFigures figures(UpstreamServer server) {
    int active = 0;
    int idle = 0;
    int inFlight = 0;
    long requests = 0;
    for (LoopConnections loop : perLoop) {
      for (ServerSlot slot : loop.slots()) {
        if (slot.server == server) {
          active += slot.activeCount;
          idle += slot.idleCount;
          inFlight += slot.inFlight;
          requests += slot.requests;
        }
      }
    }
    return ServerFigures.of(server, active, idle, inFlight, requests);
  }

  /** Health checks so far that went well, and that did not. */
  public long[] healthChecks() {
    return new long[] {checkCounts.good().sum(), checkCounts.bad().sum()};
  }
}

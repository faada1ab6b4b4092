package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.http.HeadLimits;
import io.lockgate.loop.Loop;
import io.lockgate.loop.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final UpstreamConfig config;
  private final HeadLimits responseLimits;
  private final LoopConnections[] perLoop;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lastConnectWarning = new AtomicLong(System.nanoTime() - LOG_EVERY_NANOS);

  private UpstreamPool(UpstreamConfig config, HeadLimits responseLimits, int loops) {
    this.config = config;
    this.responseLimits = responseLimits;
    this.perLoop = new LoopConnections[loops];
  }

  /**
   * Builds a pool; connects nothing yet.
   *
   * @param resolvers finds the addresses of servers that are configured by name
   * @param responseLimits bounds of response heads
   */
  public static UpstreamPool create(
      UpstreamConfig config, Loops loops, ServerResolvers resolvers, HeadLimits responseLimits) {
    List<UpstreamServer> servers = config.servers().stream().map(UpstreamServer::of).toList();
    boolean named = servers.stream().anyMatch(UpstreamServer::named);
    var pool = new UpstreamPool(config, responseLimits, loops.count());
    for (Loop loop : loops.all()) {
      Bootstrap bootstrap =
          new Bootstrap()
              .group(loop.executor())
              .channelFactory(loops.transport().socketChannels())
              .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
              .option(ChannelOption.TCP_NODELAY, true)
              .option(ChannelOption.SO_KEEPALIVE, true)
              // A failed write must not throw away an answer that has already arrived.
              .option(ChannelOption.AUTO_CLOSE, false)
              .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
              .option(
                  ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) config.connectTimeout().toMillis());
      if (named) {
        bootstrap.resolver(resolvers.group());
      } else {
        bootstrap.disableResolver();
      }
      pool.perLoop[loop.index()] = new LoopConnections(loop, pool, servers, bootstrap);
    }
    return pool;
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

  @Override
  public void open(Loop loop, UpstreamEvents events, RequestFacts facts, Attempt attempt) {
    perLoop[loop.index()].open(events, facts, attempt);
  }

  @Override
  public boolean takeRetry(Loop loop, UpstreamConfig.Retry.Condition condition, int retries) {
    return retries < config.retry().attempts()
        && config.retry().on().contains(condition)
        && perLoop[loop.index()].takeRetry();
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

  boolean reserveConnection() {
    return reserve(connections, config.maxConnections());
  }

  /** A connection is gone; whoever waits on any loop may take its place. */
  void releaseConnection(Loop from) {
    connections.decrementAndGet();
    if (waiting.get() > 0) {
      for (LoopConnections loop : perLoop) {
        if (loop.loop() == from) {
          // Not at once: the caller may be in the middle of ending an exchange.
          from.executor().execute(loop::serveWaiters);
        } else {
          loop.loop().executor().execute(loop::serveWaiters);
        }
      }
    }
  }

  boolean reserveWaiting() {
    return reserve(waiting, config.maxWaiting());
  }

  void releaseWaiting() {
    waiting.decrementAndGet();
  }

  private static boolean reserve(AtomicInteger count, int bound) {
    while (true) {
      int now = count.get();
      if (now >= bound) {
        return false;
      }
      if (count.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Whether requests wait on other loops while all connections are taken. */
  boolean wantedElsewhere() {
    return waiting.get() > 0 && connections.get() >= config.maxConnections();
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

  void connectFailed(UpstreamServer server, String reason) {
    long now = System.nanoTime();
    long last = lastConnectWarning.get();
    if (now - last >= LOG_EVERY_NANOS && lastConnectWarning.compareAndSet(last, now)) {
      LOG.warn("upstream {}: cannot connect to {}: {}", config.name(), server.label(), reason);
    }
  }

  /** Requests that wait for a connection now. */
  public int waiting() {
    return waiting.get();
  }

  /** Connections open or being opened, whatever they do. */
  int open() {
    return connections.get();
  }

  /** Figures of every server, summed over the loops; approximate while traffic flows. */
  public List<ServerFigures> figures() {
    List<ServerFigures> figures = new ArrayList<>();
    for (int i = 0; i < config.servers().size(); i++) {
      int active = 0;
      int idle = 0;
      long requests = 0;
      boolean healthy = true;
      for (LoopConnections loop : perLoop) {
        ServerSlot slot = loop.slots()[i];
        active += slot.activeCount;
        idle += slot.idleCount;
        requests += slot.requests;
        healthy &= !slot.down;
      }
      UpstreamConfig.Server server = config.servers().get(i);
      figures.add(
          new ServerFigures(server.address(), server.weight(), healthy, active, idle, requests));
    }
    return figures;
  }

  /**
   * A server in numbers.
   *
   * @param healthy whether the last connect of every loop succeeded
   */
  public record ServerFigures(
      String address, int weight, boolean healthy, int active, int idle, long requests) {}
}

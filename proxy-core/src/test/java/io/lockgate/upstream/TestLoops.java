package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.http.HeadLimits;
import io.lockgate.loop.Loop;
import io.lockgate.loop.Loops;
import io.lockgate.loop.Transport;
import io.lockgate.testkit.Patience;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Two real event loops with a pool on them, and what tests read of it. */
final class TestLoops implements AutoCloseable {
  private static final HeadLimits LIMITS = new HeadLimits(16 * 1024, 64, 4 * 1024);

  private final Loops loops = Loops.start(Transport.NIO, 2);
  private final UpstreamWatch watch;

  TestLoops() {
    this(Optional.empty());
  }

  /**
   * @param nameServers asked for addresses; those of the system where empty
   */
  TestLoops(Optional<DnsServerAddressStreamProvider> nameServers) {
    watch = new UpstreamWatch(Transport.NIO, nameServers);
  }

  /** A pool that is looked after, in the place of those before. */
  UpstreamPool watched(UpstreamConfig config, Optional<UpstreamPool> before) {
    watch.lookUp(List.of(config), Duration.ofSeconds(20));
    UpstreamPool pool = unwatched(config, before);
    watch.follow(List.of(pool));
    return pool;
  }

  /** A pool that nobody looks after yet. */
  UpstreamPool unwatched(UpstreamConfig config, Optional<UpstreamPool> before) {
    return UpstreamPool.create(config, loops, watch, LIMITS, Optional.empty(), before);
  }

  /** Waits until the watching loop has done what it was asked to so far. */
  void settleWatch() {
    CompletableFuture.runAsync(() -> {}, watch.loop()).join();
  }

  UpstreamPool pool(String... servers) {
    return pool(settings -> settings, servers);
  }

  UpstreamPool pool(UnaryOperator<Settings> how, String... servers) {
    return pool(how, Optional.empty(), servers);
  }

  UpstreamPool pool(
      UnaryOperator<Settings> how, Optional<UpstreamSecurity> security, String... servers) {
    return pool(UpstreamConfig.Protocol.HTTP_1_1, how, security, servers);
  }

  UpstreamPool pool(
      UpstreamConfig.Protocol protocol,
      UnaryOperator<Settings> how,
      Optional<UpstreamSecurity> security,
      String... servers) {
    return UpstreamPool.create(
        how.apply(new Settings()).config(protocol, servers),
        loops,
        watch,
        LIMITS,
        security,
        Optional.empty());
  }

  Loop loop(int index) {
    return loops.all().get(index);
  }

  /** Sends a request on a loop's thread. */
  TestRequest send(UpstreamPool pool, int loop, String method) {
    return TestRequest.send(pool, loop(loop), method);
  }

  TestRequest send(UpstreamPool pool, String method) {
    return send(pool, 0, method);
  }

  /** Sends a GET and waits for its response. */
  TestRequest get(UpstreamPool pool) {
    return send(pool, "GET").awaitEnd();
  }

  /** Waits until the loops have done what they were asked to so far. */
  void settle() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loops.afterBarrier(() -> done.complete(null));
    done.join();
  }

  static long active(UpstreamPool pool) {
    return pool.figures().stream().mapToLong(ServerFigures::active).sum();
  }

  static long idle(UpstreamPool pool) {
    return pool.figures().stream().mapToLong(ServerFigures::idle).sum();
  }

  /** Nothing active, nothing waiting, and as many idle connections as said. */
  void awaitRest(UpstreamPool pool, int idle) {
    Patience.until(
        "the pool rests with " + idle + " idle connections",
        () -> {
          settle();
          return "active "
              + active(pool)
              + ", idle "
              + idle(pool)
              + ", waiting "
              + pool.waiting()
              + ", open "
              + pool.open();
        },
        ("active 0, idle " + idle + ", waiting 0, open " + idle)::equals);
  }

  @Override
  public void close() {
    watch.close();
    loops.close();
  }

  /** What an operator may set, with defaults that no test waits for. */
  record Settings(
      Duration connectTimeout,
      Duration responseTimeout,
      Duration idleTimeout,
      int maxConnections,
      int maxWaiting,
      int maxRequests,
      UpstreamConfig.Retry retry) {
    Settings() {
      this(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          100,
          100,
          0,
          new UpstreamConfig.Retry(1, Arrays.asList(UpstreamConfig.Retry.Condition.values()), 20));
    }

    Settings bounds(int connections, int waiting) {
      return new Settings(
          connectTimeout, responseTimeout, idleTimeout, connections, waiting, maxRequests, retry);
    }

    Settings waitingFor(Duration connect, Duration response, Duration idle) {
      return new Settings(connect, response, idle, maxConnections, maxWaiting, maxRequests, retry);
    }

    Settings requestsEach(int most) {
      return new Settings(
          connectTimeout, responseTimeout, idleTimeout, maxConnections, maxWaiting, most, retry);
    }

    Settings retry(int attempts, int budget, UpstreamConfig.Retry.Condition... on) {
      return new Settings(
          connectTimeout,
          responseTimeout,
          idleTimeout,
          maxConnections,
          maxWaiting,
          maxRequests,
          new UpstreamConfig.Retry(attempts, List.of(on), budget));
    }

    private UpstreamConfig config(UpstreamConfig.Protocol protocol, String... servers) {
      return new UpstreamConfig(
          "app",
          Arrays.stream(servers).map(Settings::server).toList(),
          protocol,
          Optional.empty(),
          BalanceConfig.ROUND_ROBIN,
          connectTimeout,
          responseTimeout,
          idleTimeout,
          maxConnections,
          maxWaiting,
          connectTimeout,
          maxRequests,
          Optional.empty(),
          Optional.empty(),
          retry);
    }

    /** Such as {@code 127.0.0.1:80} or {@code 127.0.0.1:80*3}. */
    private static UpstreamConfig.Server server(String text) {
      String[] parts = text.split("[:*]");
      int weight = parts.length > 2 ? Integer.parseInt(parts[2]) : 1;
      return new UpstreamConfig.Server(parts[0], Integer.parseInt(parts[1]), weight);
    }
  }
}

package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * What goes on around upstreams beside their requests: names are looked up, servers are checked,
 * ejected ones return. All of it on one loop of its own, which is started when the first upstream
 * needs it and never touches a request. Owned by the composition root; safe to use from any thread.
 */
public final class UpstreamWatch implements AutoCloseable {
  /** How often servers are compared by how long they take. */
  private static final long LATENCY_SECONDS = 10;

  private final Transport transport;
  private final Optional<DnsServerAddressStreamProvider> nameServers;
  private final SecureRandom random = new SecureRandom();
  private final byte[] cookieKey = new byte[32];
  private MultiThreadIoEventLoopGroup group;
  private EventLoop loop;
  private Names names;
  private HealthChecks checks;

  /** Only on the loop. */
  private List<UpstreamPool> pools = List.of();

  public UpstreamWatch(Transport transport) {
    this(transport, Optional.empty());
  }

  /**
   * @param nameServers asked for addresses; those of the system where empty
   */
  UpstreamWatch(Transport transport, Optional<DnsServerAddressStreamProvider> nameServers) {
    this.transport = transport;
    this.nameServers = nameServers;
    random.nextBytes(cookieKey);
  }

  /** What cookies are signed with where the configuration names no key; of this process alone. */
  byte[] cookieKey() {
    return cookieKey.clone();
  }

  SplittableRandom newRandom() {
    return new SplittableRandom(random.nextLong());
  }

  /** The loop of its own; started by the first call. */
  synchronized EventLoop loop() {
    if (loop == null) {
      group =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("lockgate-watch", true), transport.newIoHandlers());
      loop = (EventLoop) group.next();
      names = new Names(loop, transport, nameServers, newRandom(), this::namesChanged);
      loop.scheduleWithFixedDelay(
          this::ejectSlow, LATENCY_SECONDS, LATENCY_SECONDS, TimeUnit.SECONDS);
      checks = new HealthChecks(loop, newRandom(), this::probe);
    }
    return loop;
  }

  private void ejectSlow() {
    pools.forEach(UpstreamPool::ejectSlow);
  }

  private HealthProbe probe(UpstreamPool pool) {
    var config = pool.config().health().orElseThrow();
    return new HealthProbe(
        config,
        loop,
        new Dialer(loop, transport, config.timeout()),
        pool.config().protocol(),
        pool.security(),
        pool.announces()
            ? Announcement.OF_NOBODY.encoded(pool.config().sendProxyProtocol())
            : ConnectionPreface.NO_HEADER);
  }

  /** What is known of a server's name. */
  Names.Known known(String name) {
    loop();
    return names.known(name);
  }

  /** Looks up the names that are not known yet; blocks for so long at most. */
  public void lookUp(Collection<UpstreamConfig> upstreams, Duration atMost) {
    List<Future<Void>> answers = new ArrayList<>();
    for (String name : namesOf(upstreams)) {
      if (known(name).addresses().isEmpty()) {
        answers.add(names.lookUp(name));
      }
    }
    long until = System.nanoTime() + atMost.toNanos();
    for (Future<Void> answer : answers) {
      answer.awaitUninterruptibly(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }

  private static Set<String> namesOf(Collection<UpstreamConfig> upstreams) {
    Set<String> found = new HashSet<>();
    for (UpstreamConfig upstream : upstreams) {
      upstream.servers().stream()
          .filter(ServerAddresses::named)
          .forEach(server -> found.add(server.host()));
    }
    return found;
  }

  /** From now on these upstreams are looked after, and no others. */
  public void follow(Collection<UpstreamPool> now) {
    boolean wanted = now.stream().anyMatch(UpstreamPool::watched);
    synchronized (this) {
      if (!wanted && loop == null) {
        return;
      }
    }
    List<UpstreamPool> copy = List.copyOf(now);
    loop()
        .execute(
            () -> {
              pools = copy;
              names.follow(namesOf(copy.stream().map(UpstreamPool::config).toList()));
              // What was learnt between the building of a pool and now is not lost.
              namesChanged();
            });
  }

  private void namesChanged() {
    pools.forEach(UpstreamPool::namesChanged);
    checks.follow(pools);
  }

  @Override
  public synchronized void close() {
    if (group != null) {
      names.close();
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}

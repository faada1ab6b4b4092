package io.lockgate.upstream;

import io.lockgate.loop.Transport;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of servers that are configured by name: looked up when a name is first needed and
 * again when the answer's time to live is over, on one loop of its own, so that no request ever
 * waits for it. A name that is no longer answered keeps the addresses it had. Methods run on that
 * loop unless they say otherwise.
 */
final class Names implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Names.class);

  private static final long SHORTEST_SECONDS = 1;
  private static final long LONGEST_SECONDS = 300;

  /** For answers that say nothing about it, as those of the hosts file. */
  private static final long USUAL_SECONDS = 30;

  private static final long FIRST_RETRY_SECONDS = 2;
  private static final long LONGEST_RETRY_SECONDS = 30;

  private final EventLoop loop;
  private final DnsNameResolver resolver;
  private final TimesToLive timesToLive = new TimesToLive();
  private final SplittableRandom random;
  private final Runnable changed;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Watched> watched = new HashMap<>();

  /**
   * @param servers asked; those of the system where empty
   * @param changed called when a watched name has other addresses than before
   */
  Names(
      EventLoop loop,
      Transport transport,
      Optional<DnsServerAddressStreamProvider> servers,
      SplittableRandom random,
      Runnable changed) {
    this.loop = loop;
    this.random = random;
    this.changed = changed;
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(transport.datagramChannels())
            .resolveCache(timesToLive)
            .consolidateCacheSize(0);
    servers.ifPresent(builder::nameServerProvider);
    this.resolver = builder.build();
  }

  /**
   * What is known of a name.
   *
   * @param error why the last look-up failed, or empty
   */
  record Known(List<InetAddress> addresses, String error) {
    static final Known NOTHING = new Known(List.of(), "never looked up");
  }

  /** A name that is looked up again and again. */
  private static final class Watched {
    private ScheduledFuture<?> next;
    private boolean dropped;
    private int failures;
  }

  /** On any thread. */
  Known known(String name) {
    return known.getOrDefault(name, Known.NOTHING);
  }

  /** Looks a name up once; on any thread. The future never fails, whatever came of it. */
  Future<Void> lookUp(String name) {
    var done = loop.<Void>newPromise();
    loop.execute(() -> ask(name, () -> done.setSuccess(null)));
    return done;
  }

  /** From now on these names are kept up to date, and no others. */
  void follow(Collection<String> names) {
    watched
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !names.contains(entry.getKey());
              if (gone) {
                stop(entry.getValue());
              }
              return gone;
            });
    known.keySet().retainAll(names);
    for (String name : names) {
      if (!watched.containsKey(name)) {
        Watched entry = new Watched();
        watched.put(name, entry);
        // What was found while the pools were built is not asked for again at once.
        schedule(name, entry);
      }
    }
  }

  private static void stop(Watched entry) {
    entry.dropped = true;
    entry.next.cancel(false);
  }

  private void schedule(String name, Watched entry) {
    long seconds =
        known(name).error().isEmpty()
            ? Math.max(SHORTEST_SECONDS, Math.min(timesToLive.of(name), LONGEST_SECONDS))
            : Math.min(FIRST_RETRY_SECONDS << Math.min(entry.failures, 10), LONGEST_RETRY_SECONDS);
    long millis = TimeUnit.SECONDS.toMillis(seconds);
    // A little later, so that a hundred names do not expire in the same moment for ever.
    entry.next =
        loop.schedule(
            () -> ask(name, () -> asked(name, entry)),
            millis + random.nextLong(millis / 10 + 1),
            TimeUnit.MILLISECONDS);
  }

  private void asked(String name, Watched entry) {
    if (!entry.dropped) {
      entry.failures = known(name).error().isEmpty() ? 0 : entry.failures + 1;
      schedule(name, entry);
    }
  }

  private void ask(String name, Runnable then) {
    timesToLive.forget(name);
    Future<List<InetAddress>> answer = resolver.resolveAll(name);
    answer.addListener(
        done -> {
          learn(name, answer);
          then.run();
        });
  }

  private void learn(String name, Future<List<InetAddress>> answer) {
    Known before = known(name);
    if (!answer.isSuccess() || answer.getNow().isEmpty()) {
      String why =
          String.valueOf(answer.cause() == null ? "no address" : answer.cause().getMessage());
      if (before.error().isEmpty() || before == Known.NOTHING) {
        LOG.warn("{} cannot be looked up: {}; {}", name, why, keeps(before));
      }
      known.put(name, new Known(before.addresses(), why));
      return;
    }
    // In an order of their own: servers rotate their answers.
    List<InetAddress> addresses =
        answer.getNow().stream()
            .distinct()
            .sorted(Comparator.comparing(InetAddress::getHostAddress))
            .toList();
    known.put(name, new Known(addresses, ""));
    if (!addresses.equals(before.addresses())) {
      LOG.info("{} is at {}", name, addresses.stream().map(InetAddress::getHostAddress).toList());
      changed.run();
    }
  }

  private static String keeps(Known before) {
    return before.addresses().isEmpty() ? "it has no address" : "it keeps the addresses it had";
  }

  @Override
  public void close() {
    resolver.close();
  }

  /** Keeps no answers, only how long they are good for: what is asked for is wanted anew. */
  private static final class TimesToLive implements DnsCache {
    private final Map<String, Long> seconds = new ConcurrentHashMap<>();

    long of(String name) {
      return seconds.getOrDefault(name, USUAL_SECONDS);
    }

    void forget(String name) {
      seconds.remove(name);
    }

    private static String bare(String name) {
      return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    @Override
    public DnsCacheEntry cache(
        String hostname,
        DnsRecord[] additionals,
        InetAddress address,
        long originalTtl,
        EventLoop loop) {
      seconds.merge(bare(hostname), originalTtl, Math::min);
      return new Noted(address, null);
    }

    @Override
    public DnsCacheEntry cache(
        String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
      return new Noted(null, cause);
    }

    @Override
    public List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
      return List.of();
    }

    @Override
    public void clear() {
      seconds.clear();
    }

    @Override
    public boolean clear(String hostname) {
      return seconds.remove(bare(hostname)) != null;
    }

    private record Noted(InetAddress address, Throwable cause) implements DnsCacheEntry {}
  }
}

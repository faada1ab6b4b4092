package io.lockgate.upstream;

import io.lockgate.config.model.HealthConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks servers whether they are well, over connections of its own. One schedule for all upstreams:
 * first checks and intervals are spread by chance, and only so many checks run at a time, so that
 * many upstreams with many servers never make a burst, neither at the start nor in step later on.
 * On one loop that serves no requests.
 */
final class HealthChecks {
  private static final int MOST_AT_A_TIME = 64;

  /** What is not known yet is found out soon, but not by a thousand connections at once. */
  private static final long FEW_FIRST_MILLIS = 1000;

  private static final long MILLIS_FOR_EACH_FIRST = 5;

  private final EventLoop loop;
  private final SplittableRandom random;
  private final Function<UpstreamPool, Probe> probes;
  private final Map<UpstreamPool, Map<UpstreamServer, Check>> checks = new HashMap<>();
  private final ArrayDeque<Check> due = new ArrayDeque<>();
  private int running;

  /**
   * @param probes how a pool's servers are asked
   */
  HealthChecks(EventLoop loop, SplittableRandom random, Function<UpstreamPool, Probe> probes) {
    this.loop = loop;
    this.random = random;
    this.probes = probes;
  }

  /** Asks one server once. */
  interface Probe {
    /**
     * @param then told exactly once what is wrong; empty where nothing is
     */
    void ask(UpstreamServer server, Consumer<String> then);
  }

  /** From now on the servers of these upstreams are checked, and no others. */
  void follow(Collection<UpstreamPool> pools) {
    for (Iterator<UpstreamPool> known = checks.keySet().iterator(); known.hasNext(); ) {
      UpstreamPool pool = known.next();
      if (!pools.contains(pool)) {
        checks.get(pool).values().forEach(Check::stop);
        known.remove();
      }
    }
    List<Check> fresh = new ArrayList<>();
    for (UpstreamPool pool : pools) {
      pool.config().health().ifPresent(config -> follow(pool, config, fresh));
    }
    long within = Math.max(FEW_FIRST_MILLIS, fresh.size() * MILLIS_FOR_EACH_FIRST);
    fresh.forEach(check -> check.scheduleFirst(within));
  }

  private void follow(UpstreamPool pool, HealthConfig config, List<Check> fresh) {
    Map<UpstreamServer, Check> known = checks.computeIfAbsent(pool, p -> new HashMap<>());
    Set<UpstreamServer> servers = new HashSet<>(pool.servers().servers());
    for (Iterator<Check> each = known.values().iterator(); each.hasNext(); ) {
      Check check = each.next();
      if (!servers.contains(check.server)) {
        check.stop();
        each.remove();
      }
    }
    for (UpstreamServer server : servers) {
      if (!known.containsKey(server)) {
        Check check = new Check(server, config, probes.apply(pool), pool.checkCounts());
        known.put(server, check);
        fresh.add(check);
      }
    }
  }

  private void runDue() {
    while (running < MOST_AT_A_TIME && !due.isEmpty()) {
      due.poll().run();
    }
  }

  /** Results of checks, counted on one loop and read anywhere. */
  record Counts(LongAdder good, LongAdder bad) {
    Counts() {
      this(new LongAdder(), new LongAdder());
    }
  }

  /** The checks of one server, one after the other. */
  private final class Check {
    private final UpstreamServer server;
    private final HealthConfig config;
    private final Probe probe;
    private final Counts counts;
    private ScheduledFuture<?> next;
    private boolean stopped;
    private boolean known;
    private int good;
    private int bad;

    Check(UpstreamServer server, HealthConfig config, Probe probe, Counts counts) {
      this.server = server;
      this.config = config;
      this.probe = probe;
      this.counts = counts;
    }

    void scheduleFirst(long withinMillis) {
      schedule(random.nextLong(Math.min(config.interval().toMillis(), withinMillis) + 1));
    }

    /** The second one comes at any time of an interval: the first ones stood close together. */
    private long pause(boolean wasFirst) {
      long interval = config.interval().toMillis();
      return wasFirst
          ? random.nextLong(interval + 1)
          : interval * 9 / 10 + random.nextLong(interval / 5 + 1);
    }

    private void schedule(long millis) {
      next = loop.schedule(this::enqueue, millis, TimeUnit.MILLISECONDS);
    }

    private void enqueue() {
      due.add(this);
      runDue();
    }

    void stop() {
      stopped = true;
      next.cancel(false);
    }

    void run() {
      if (stopped) {
        return;
      }
      running++;
      probe.ask(server, this::done);
    }

    private void done(String wrong) {
      running--;
      if (!stopped) {
        long pause = pause(!known);
        judge(wrong);
        schedule(pause);
      }
      runDue();
    }

    /** The first answer of a server counts at once, since nothing else is known of it. */
    private void judge(String wrong) {
      long now = System.nanoTime();
      if (wrong.isEmpty()) {
        counts.good().increment();
        bad = 0;
        server.standing().reached(now);
        if (++good >= config.healthyAfter() || !known) {
          server.standing().checksSucceed(now);
        }
      } else {
        counts.bad().increment();
        good = 0;
        if (++bad >= config.unhealthyAfter() || !known) {
          server.standing().checksFail("its checks fail: " + wrong, now);
        }
      }
      known = true;
    }
  }
}

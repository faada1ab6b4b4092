package io.lockgate.upstream;

import io.lockgate.config.model.EjectionConfig;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Takes servers out that fail their requests, a bounded share of them at a time, and lets them
 * return after a while: twice as long as the last time, up to a bound, where they fail again soon.
 */
final class Ejection implements Outcomes.Ejector {
  private static final int MOST_DOUBLINGS = 5;

  private final EjectionConfig config;
  private final Supplier<List<UpstreamServer>> servers;
  private final ScheduledExecutorService executor;
  private final LongSupplier nanoClock;

  /**
   * @param servers of the upstream, as they are now
   * @param executor on which servers are taken out and return, one after the other
   */
  Ejection(
      EjectionConfig config,
      Supplier<List<UpstreamServer>> servers,
      ScheduledExecutorService executor,
      LongSupplier nanoClock) {
    this.config = config;
    this.servers = servers;
    this.executor = executor;
    this.nanoClock = nanoClock;
  }

  @Override
  public void eject(UpstreamServer server, String why) {
    if (server.standing().health() != ServerState.EJECTED) {
      executor.execute(() -> ejectNow(server, why));
    }
  }

  private void ejectNow(UpstreamServer server, String why) {
    List<UpstreamServer> all = servers.get();
    long out = all.stream().filter(s -> s.standing().ejected()).count();
    boolean may = (out + 1) * 100 <= (long) config.maxEjectedPercent() * all.size();
    if (!may || server.standing().ejected() || !all.contains(server)) {
      return;
    }
    long now = nanoClock.getAsLong();
    long nanos = config.duration().toNanos() << server.standing().doublings(now, MOST_DOUBLINGS);
    server.standing().eject(why, now, nanos);
    executor.schedule(
        () -> server.standing().readmit(nanoClock.getAsLong()), nanos, TimeUnit.NANOSECONDS);
  }
}

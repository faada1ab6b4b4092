package io.lockgate.listen;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the daemon's log of connections that were refused, at most once in ten seconds for each
 * listener and reason: whoever connects must not be able to fill it. Safe on any event loop.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanoClock;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  RefusalLog(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * @param listener a configured one
   * @param reason one of few
   */
  void refused(String listener, String reason, String client, String detail) {
    LOG.debug("{}: refused {}: {} {}", listener, client, reason, detail);
    long now = nanoClock.getAsLong();
    Entry entry =
        entries.computeIfAbsent(listener + ' ' + reason, key -> new Entry(now - QUIET_NANOS));
    long told = entry.toldNanos.get();
    if (now - told < QUIET_NANOS || !entry.toldNanos.compareAndSet(told, now)) {
      entry.untold.incrementAndGet();
      return;
    }
    long more = entry.untold.getAndSet(0);
    LOG.warn(
        "{}: refused a connection of {}: {}{}{}",
        listener,
        client,
        reason,
        detail.isEmpty() ? "" : " (" + detail + ")",
        more == 0 ? "" : ", as " + more + " others since this was last told");
  }

  private static final class Entry {
    final AtomicLong toldNanos;
    final AtomicLong untold = new AtomicLong();

    Entry(long toldNanos) {
      this.toldNanos = new AtomicLong(toldNanos);
    }
  }
}

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
    Entry entry = entry(listener + ' ' + reason);
    if (!entry.due(nanoClock.getAsLong())) {
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

  /** A connection that waits could not be had; it goes on waiting. */
  void notAccepted(String listener, String why) {
    if (entry(listener + ' ' + why).due(nanoClock.getAsLong())) {
      LOG.error("{}: connections wait and cannot be accepted: {}", listener, why);
    }
  }

  private Entry entry(String key) {
    return entries.computeIfAbsent(key, k -> new Entry(nanoClock.getAsLong() - QUIET_NANOS));
  }

  private static final class Entry {
    final AtomicLong toldNanos;
    final AtomicLong untold = new AtomicLong();

    Entry(long toldNanos) {
      this.toldNanos = new AtomicLong(toldNanos);
    }

    /** Whether to tell it now; counts it otherwise. */
    boolean due(long now) {
      long told = toldNanos.get();
      boolean due = now - told >= QUIET_NANOS && toldNanos.compareAndSet(told, now);
      if (!due) {
        untold.incrementAndGet();
      }
      return due;
    }
  }
}

package io.lockgate.limit;

import io.lockgate.config.model.MemoryCeiling;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process below its memory ceiling, and below what the JVM gives to heap and buffers, by
 * turning work away in order: new connections first, then new requests, at last the connections
 * that hold the most. Sampled once a second by the control thread; between samples every admission
 * looks at the one figure that can rise within milliseconds, the memory of buffers.
 *
 * <p>Pressure is the share in use of what may be used: at 1 connections are refused, until it is
 * below 0.9 again.
 */
public final class MemoryWatch implements MemoryPressure {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);

  /** Of heap and of buffers; the rest is what work in hand may still need. */
  private static final double USABLE = 0.80;

  private static final double REQUESTS = 1.10;
  private static final double CRITICAL = 1.18;
  private static final double CALM_AGAIN = 0.90;

  private final MemoryGauges gauges;
  private final AtomicInteger relieving = new AtomicInteger();
  private volatile List<Relief> reliefs = List.of();
  private final AtomicReference<Level> level = new AtomicReference<>(Level.CALM);

  /** On the control thread only. */
  private boolean throttled;

  private volatile double pressure;
  private volatile long ceiling = Long.MAX_VALUE;

  /** Values of {@link MemoryGauges#directReserved} from which on that level is reached. */
  private volatile Marks marks = new Marks(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  public MemoryWatch(MemoryGauges gauges) {
    this.gauges = gauges;
  }

  /** How much is turned away. */
  public enum Level {
    CALM,
    REFUSES_CONNECTIONS,
    REFUSES_REQUESTS
  }

  /** What an event loop can do about it. Called from any thread. */
  public interface Relief {
    /** Has connections hold less of what their clients do not take, or as much as ever. */
    void throttle(boolean on);

    /** Closes connections that hold about so many bytes together; runs {@code done} after it. */
    void free(long bytes, Runnable done);
  }

  private record Marks(long connections, long requests, long critical) {}

  /** Tells which loops there are; before the first sample. */
  public void relieveBy(List<Relief> loops) {
    reliefs = List.copyOf(loops);
  }

  /** Looks at everything. On the control thread. */
  public void sample(MemoryCeiling configured) {
    ceiling = configured.bytes(gauges.machine());
    long reserved = gauges.directReserved();
    // Chunks of which little is in use can be filled again; a quarter is lost between buffers.
    long direct = Math.min(reserved, gauges.directPinned() / 4 * 5);
    long heap = gauges.heapLive();
    double usableDirect = gauges.directMax() * USABLE;
    double now =
        Math.max(
            Math.max(heap / (gauges.heapMax() * USABLE), direct / usableDirect),
            (double) used(heap) / ceiling);
    long free = reserved - direct;
    marks =
        new Marks(
            (long) usableDirect + free,
            (long) (usableDirect * REQUESTS) + free,
            (long) (usableDirect * CRITICAL) + free);
    pressure = now;
    enter(level.get(), next(now));
    boolean throttle = level.get() != Level.CALM;
    if (throttle || throttled) {
      throttled = throttle;
      reliefs.forEach(relief -> relief.throttle(throttle));
    }
  }

  private long used(long heap) {
    return heap + gauges.directReserved() + gauges.other();
  }

  private Level next(double now) {
    if (now >= REQUESTS || (level.get() == Level.REFUSES_REQUESTS && now >= 1)) {
      return Level.REFUSES_REQUESTS;
    }
    return now >= 1 || (level.get() != Level.CALM && now >= CALM_AGAIN)
        ? Level.REFUSES_CONNECTIONS
        : Level.CALM;
  }

  private void enter(Level before, Level next) {
    if (next == before || !level.compareAndSet(before, next)) {
      return;
    }
    String detail =
        String.format(
            "heap %d of %d MiB, buffers %d of %d MiB, ceiling %d MiB",
            gauges.heapLive() >> 20,
            gauges.heapMax() >> 20,
            gauges.directReserved() >> 20,
            gauges.directMax() >> 20,
            ceiling >> 20);
    switch (next) {
      case CALM -> LOG.info("memory is free again, everything is let in: {}", detail);
      case REFUSES_CONNECTIONS -> LOG.warn("memory is short, connections are refused: {}", detail);
      case REFUSES_REQUESTS -> LOG.error("memory is short, requests are refused too: {}", detail);
    }
  }

  @Override
  public boolean refusesConnections() {
    return level.get() != Level.CALM || surged(marks.connections(), Level.REFUSES_CONNECTIONS);
  }

  @Override
  public boolean refusesRequests() {
    return level.get() == Level.REFUSES_REQUESTS
        || surged(marks.requests(), Level.REFUSES_REQUESTS);
  }

  /** Entered at once, and left by a sample. */
  private boolean surged(long mark, Level reached) {
    if (gauges.directReserved() < mark) {
      return false;
    }
    Level before = level.get();
    if (before.compareTo(reached) < 0) {
      enter(before, reached);
      if (before == Level.CALM) {
        reliefs.forEach(relief -> relief.throttle(true));
      }
    }
    return true;
  }

  @Override
  public void contentCame() {
    Marks now = marks;
    long reserved = gauges.directReserved();
    if (reserved >= now.connections()) {
      surged(now.connections(), Level.REFUSES_CONNECTIONS);
      if (reserved >= now.critical()) {
        free(reserved - now.requests());
      }
    }
  }

  private void free(long bytes) {
    List<Relief> loops = reliefs;
    if (!loops.isEmpty() && relieving.compareAndSet(0, loops.size())) {
      LOG.error("memory is used up, connections are closed to free {} MiB", bytes >> 20);
      loops.forEach(relief -> relief.free(bytes / loops.size(), relieving::decrementAndGet));
    }
  }

  /** What is turned away now. */
  public Level level() {
    return level.get();
  }

  /** Share of what may be used, at the last sample. */
  public double pressure() {
    return pressure;
  }

  /** What the process may use, as configured. */
  public long ceilingBytes() {
    return ceiling;
  }
}

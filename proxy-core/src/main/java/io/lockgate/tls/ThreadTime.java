package io.lockgate.tls;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/**
 * Processor time of the thread that asks. The JVM's management classes are loaded by {@link #load},
 * which takes too long for an event loop; until then nobody can measure. Safe on any thread.
 */
public final class ThreadTime {
  /** Nothing is ever measured. */
  public static final ThreadTime NONE = new ThreadTime();

  private static final int TRIALS = 1_000;

  private volatile Clock clock = new Clock(() -> 0, 0, false);

  /** A clock that cannot be read before {@link #load}. */
  public ThreadTime() {}

  private ThreadTime(Clock clock) {
    this.clock = clock;
  }

  /** A clock of the caller's making, whose reading costs nothing. */
  static ThreadTime of(LongSupplier nanos) {
    return new ThreadTime(new Clock(nanos, 0, true));
  }

  /** Takes some milliseconds. Where the JVM cannot tell the time of a thread nothing changes. */
  public void load() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    if (threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < TRIALS; i++) {
        long before = threads.getCurrentThreadCpuTime();
        least = Math.min(least, threads.getCurrentThreadCpuTime() - before);
      }
      clock = new Clock(threads::getCurrentThreadCpuTime, Math.max(0, least), true);
    }
  }

  boolean readable() {
    return clock.readable;
  }

  long nanos() {
    return clock.nanos.getAsLong();
  }

  /** From one reading to the next when nothing lies between them. */
  long nanosOfReading() {
    return clock.nanosOfReading;
  }

  private record Clock(LongSupplier nanos, long nanosOfReading, boolean readable) {}
}

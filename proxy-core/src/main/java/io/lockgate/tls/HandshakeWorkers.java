package io.lockgate.tls;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The threads that take over what would hold up an event loop within a handshake, such as a
 * signature with a long RSA key. Bounded in threads and in what may wait for one; beyond that work
 * is refused, and with it the handshake. Threads start when there is something to do. Safe to use
 * from any thread.
 */
public final class HandshakeWorkers implements Executor, AutoCloseable {
  /** At some milliseconds a task, more than this would be done after the client has given up. */
  private static final int MOST_WAITING_PER_THREAD = 256;

  private static final int IDLE_SECONDS = 60;

  private final ThreadPoolExecutor threads;
  private final LongAdder refused = new LongAdder();
  private final LongAdder processorNanos = new LongAdder();
  private final ThreadTime clock;

  /**
   * @param mostThreads that work at once
   * @param mostWaiting tasks that may wait for a thread
   */
  public HandshakeWorkers(int mostThreads, int mostWaiting) {
    this(mostThreads, mostWaiting, ThreadTime.NONE);
  }

  private HandshakeWorkers(int mostThreads, int mostWaiting, ThreadTime clock) {
    this.clock = clock;
    AtomicInteger made = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            mostThreads,
            mostThreads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(mostWaiting),
            task -> {
              Thread thread = new Thread(task, "lockgate-handshake-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** One thread a processor. */
  public static HandshakeWorkers ofProcessors(ThreadTime clock) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new HandshakeWorkers(processors, processors * MOST_WAITING_PER_THREAD, clock);
  }

  /**
   * Never runs the task on the caller's thread.
   *
   * @throws RejectedExecutionException where too many tasks wait, or after {@link #close}
   */
  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(measured(task));
    } catch (RejectedExecutionException e) {
      refused.increment();
      throw new RejectedExecutionException("Too many handshakes wait for a worker.", e);
    }
  }

  /**
   * The same threads for work that no handshake waits for: refused while there is more to do than
   * they can begin with, so that it never takes a handshake's place.
   */
  Executor spare() {
    return task -> {
      if (waiting() >= threads.getMaximumPoolSize()) {
        throw new RejectedExecutionException("The workers are busy.");
      }
      threads.execute(measured(task));
    };
  }

  /** A task takes a millisecond or so, two readings of the clock a thousandth of that. */
  private Runnable measured(Runnable task) {
    return () -> {
      long before = clock.readable() ? clock.nanos() : Long.MAX_VALUE;
      try {
        task.run();
      } finally {
        if (before != Long.MAX_VALUE) {
          processorNanos.add(clock.nanos() - before);
        }
      }
    };
  }

  /** Processor time that these threads have spent on tasks so far. */
  public long processorNanos() {
    return processorNanos.sum();
  }

  /** Tasks that wait for a thread. */
  public int waiting() {
    return threads.getQueue().size();
  }

  /** Tasks refused so far. */
  public long refused() {
    return refused.sum();
  }

  /** Drops what waits; a task under way is interrupted and not waited for. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}

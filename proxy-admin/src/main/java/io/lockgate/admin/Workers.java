package io.lockgate.admin;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that answer. Changes have one of their own, one after the other, so that a reload that
 * takes long never keeps a scrape or a liveness check waiting.
 */
final class Workers implements AutoCloseable {
  private static final int READERS = 2;

  private final ExecutorService readers;
  private final ExecutorService changer;

  Workers(int mostWaiting) {
    this.readers = pool("lockgate-admin-read", READERS, mostWaiting);
    this.changer = pool("lockgate-admin-change", 1, mostWaiting);
  }

  /**
   * @param quick whether it changes nothing, or only orders something
   * @throws RejectedExecutionException if too much waits already
   */
  void run(boolean quick, Runnable task) {
    (quick ? readers : changer).execute(task);
  }

  /**
   * Lets nothing new begin, and waits a moment for what is in hand; the rest ends by its thread.
   */
  @Override
  public void close() {
    readers.shutdown();
    changer.shutdown();
    try {
      if (readers.awaitTermination(1, TimeUnit.SECONDS)) {
        changer.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ExecutorService pool(String name, int threads, int mostWaiting) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(mostWaiting), factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}

package io.lockgate.staple;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that come with the first task and do not keep the process alive. */
final class DaemonThreads implements StaplingThreads {
  private static final Logger LOG = LoggerFactory.getLogger(DaemonThreads.class);

  /** How many responders are asked at a time. */
  private static final int PARALLEL = 8;

  private static final long IDLE_SECONDS = 10;

  private final AtomicInteger number = new AtomicInteger();
  private final ThreadPoolExecutor fetchers =
      new ThreadPoolExecutor(
          PARALLEL,
          PARALLEL,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> daemon(task, "lockgate-ocsp-" + number.incrementAndGet()));
  private final ScheduledExecutorService ticker =
      new ScheduledThreadPoolExecutor(1, task -> daemon(task, "lockgate-ocsp"));
  private final AtomicBoolean ticking = new AtomicBoolean();

  DaemonThreads() {
    fetchers.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    fetchers.execute(task);
  }

  @Override
  public void everySecond(Runnable task) {
    if (ticking.compareAndSet(false, true)) {
      ticker.scheduleWithFixedDelay(() -> safely(task), 1, 1, TimeUnit.SECONDS);
    }
  }

  private static void safely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      // Thrown on, it would silently end all further runs.
      LOG.error("what stapling does by the clock failed", e);
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    fetchers.shutdownNow();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}

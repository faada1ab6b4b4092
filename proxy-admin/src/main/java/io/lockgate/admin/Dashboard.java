package io.lockgate.admin;

import io.netty.util.concurrent.EventExecutor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the history, and makes an event of what there is to see every two seconds while somebody
 * watches. On a thread of its own, which only reads counters: no event loop ever waits for it. It
 * takes no more than a fiftieth of a processor, however much there is to gather: the slower it is,
 * the less often it looks.
 */
final class Dashboard implements AutoCloseable {
  /** How often those who watch are told. */
  static final Duration LIVE_PERIOD = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Dashboard.class);
  private static final int REST = 50;
  private static final Duration LONGEST_REST = Duration.ofSeconds(10);
  private static final byte[] BEGIN = "event: state\ndata: ".getBytes(StandardCharsets.US_ASCII);

  private final DashboardView view;
  private final LiveFeed feed;

  /** On the executor's thread only, with the next one. */
  private byte[] latest;

  private long nextNotBefore = System.nanoTime();

  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lockgate-dashboard");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param loop of the admin endpoint
   * @param patience how long somebody may take for one event
   */
  Dashboard(AdminSources sources, Clock clock, EventExecutor loop, Duration patience) {
    this.view = new DashboardView(sources, clock);
    this.feed = new LiveFeed(loop, this::hurry, patience);
  }

  LiveFeed feed() {
    return feed;
  }

  /** Looks from now on. */
  void start() {
    every(TrafficHistory.PERIOD, view::sample);
    every(LIVE_PERIOD, this::publish);
  }

  /** Somebody came: shows them something before the next turn. From any thread; never blocks. */
  private void hurry() {
    if (asked.compareAndSet(false, true)) {
      try {
        executor.execute(this::publish);
      } catch (RejectedExecutionException e) {
        LOG.debug("the admin endpoint was closed", e);
      }
    }
  }

  Optional<TrafficSeries.Points> points(Optional<String> host) {
    return view.points(host);
  }

  /** However often somebody comes, what there is to see is not gathered more often for it. */
  private void publish() {
    asked.set(false);
    if (feed.watched()) {
      long began = System.nanoTime();
      if (latest == null || began - nextNotBefore >= 0) {
        latest = event(view.document());
        nextNotBefore = System.nanoTime() + rest(began, LIVE_PERIOD.dividedBy(2)).toNanos();
      }
      feed.publish(latest);
    }
  }

  /** Of server-sent events; JSON holds no line break but the one at its end. */
  private static byte[] event(DashboardDocument document) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(32 * 1024);
    event.writeBytes(BEGIN);
    event.writeBytes(Json.write(document));
    event.write('\n');
    return event.toByteArray();
  }

  /** Again and again; what takes long comes less often. */
  private void every(Duration period, Runnable task) {
    executor.schedule(() -> run(period, task), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(Duration period, Runnable task) {
    long began = System.nanoTime();
    try {
      task.run();
    } catch (RuntimeException e) {
      // Thrown on, it would silently end all further runs.
      LOG.error("gathering what the dashboard shows failed", e);
    }
    executor.schedule(
        () -> run(period, task), rest(began, period).toMillis(), TimeUnit.MILLISECONDS);
  }

  /** At least the given time, longer after what took long, and never so long that nobody waits. */
  private static Duration rest(long beganNanos, Duration least) {
    long nanos = REST * (System.nanoTime() - beganNanos);
    return Duration.ofNanos(Math.max(least.toNanos(), Math.min(nanos, LONGEST_REST.toNanos())));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

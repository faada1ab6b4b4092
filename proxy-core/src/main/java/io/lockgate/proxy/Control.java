package io.lockgate.proxy;

import io.lockgate.accesslog.CurrentAccessLog;
import io.lockgate.alert.AlertWatch;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.CloseRequest;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.limit.MemoryWatch;
import io.lockgate.listen.ListenerSet;
import io.lockgate.loop.Loop;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.snapshot.CurrentSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control thread: reloads, one at a time, and what happens by the clock. Everything that
 * changes the running proxy happens here.
 */
final class Control implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Parts parts;
  private final CurrentSnapshot current;
  private final ListenerSet listeners;
  private final List<ClientLoop> clients;
  private final ProxyMetrics metrics;
  private final MemoryWatch memory;
  private final Changeover changeover;
  private final ReloadHistory history = new ReloadHistory();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lockgate-control");
            thread.setDaemon(true);
            return thread;
          });

  /** For what must not wait for a reload, which asks responders and reads files. */
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lockgate-clock");
            thread.setDaemon(true);
            return thread;
          });

  private CompletableFuture<ReloadReport> pending;
  private boolean closed;

  /** Read and written by the control thread only. */
  private boolean draining;

  /** Why nothing may be changed now; empty where it may. */
  private volatile String held = "the proxy is starting";

  Control(
      Parts parts,
      CurrentSnapshot current,
      CurrentAccessLog accessLog,
      ListenerSet listeners,
      List<ClientLoop> clients,
      ProxyMetrics metrics,
      MemoryWatch memory,
      AlertWatch alerts) {
    this.parts = parts;
    this.current = current;
    this.listeners = listeners;
    this.clients = clients;
    this.metrics = metrics;
    this.memory = memory;
    this.changeover =
        new Changeover(parts, current, accessLog, listeners, clients, metrics, alerts, this::later);
  }

  void started(List<ConfigProblem> warnings) {
    release();
    Instant now = parts.setup().clock().instant();
    metrics.started(current.get().generation(), now);
    history.started(
        new ReloadReport(
            current.get().generation(),
            now,
            Duration.ZERO,
            "start",
            ReloadReport.Result.APPLIED,
            List.of(),
            warnings));
    executor.execute(parts.threadTime()::load);
    executor.execute(changeover::begun);
    clock.scheduleAtFixedRate(this::everySecond, 1, 1, TimeUnit.SECONDS);
    parts.tickets().start();
  }

  private void everySecond() {
    try {
      watch();
    } catch (RuntimeException e) {
      // Thrown on, it would silently end all further runs.
      LOG.error("what is done every second failed", e);
    }
  }

  private void watch() {
    memory.sample(current.get().config().limits().memory());
    for (Loop loop : parts.loops().all()) {
      long sent = System.nanoTime();
      loop.executor().execute(() -> metrics.recordLoopLag(loop.index(), System.nanoTime() - sent));
    }
  }

  /** Lets no reload change anything until {@link #release}; waits for one that is under way. */
  void hold(String why) {
    held = why;
    try {
      executor.submit(() -> {}).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  void release() {
    held = "";
  }

  // ---- reloading

  /** Answers with the report of a run that began after this call. */
  synchronized CompletableFuture<ReloadReport> reload(String trigger) {
    if (closed) {
      return CompletableFuture.completedFuture(refused(trigger, "the proxy is closed"));
    }
    if (pending == null) {
      pending = new CompletableFuture<>();
      executor.execute(() -> run(trigger));
    }
    return pending;
  }

  private void run(String trigger) {
    CompletableFuture<ReloadReport> asked;
    synchronized (this) {
      asked = pending;
      pending = null;
    }
    if (asked == null) {
      return; // closed in the meantime, and answered
    }
    Instant time = parts.setup().clock().instant();
    long started = System.nanoTime();
    Changeover.Outcome outcome;
    try {
      outcome = attempt();
    } catch (RuntimeException | Error e) {
      LOG.error("reload failed by a fault of the proxy; nothing was changed", e);
      outcome = Changeover.Outcome.rejected(ReloadProblems.internal(e));
    }
    // Whatever came of it: what was fetched for a generation that does not serve is forgotten.
    parts.stapling().follow(current.get().config(), current.get().staples());
    ReloadReport report =
        new ReloadReport(
            current.get().generation(),
            time,
            Duration.ofNanos(System.nanoTime() - started),
            trigger,
            outcome.result(),
            outcome.changes(),
            outcome.problems());
    history.reloaded(report);
    if (!report.postponed()) { // It says nothing of the configuration.
      metrics.reloaded(report.generation(), time, report.result().name());
    }
    asked.complete(report);
  }

  private Changeover.Outcome attempt() {
    if (draining) {
      // A new generation would accept connections again.
      return Changeover.Outcome.rejected(
          ReloadProblems.notNow("the proxy is draining", "start it anew"));
    }
    if (!held.isEmpty()) {
      return Changeover.Outcome.rejected(ReloadProblems.notNow(held, "try again in a moment"));
    }
    return changeover.attempt();
  }

  private void later(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the proxy was closed in the meantime, and everything is released with it", e);
    }
  }

  private ReloadReport refused(String trigger, String why) {
    return new ReloadReport(
        current.get().generation(),
        parts.setup().clock().instant(),
        Duration.ZERO,
        trigger,
        ReloadReport.Result.REJECTED,
        List.of(),
        List.of(ReloadProblems.notNow(why, "start it anew")));
  }

  List<ReloadReport> reloads() {
    return history.latest();
  }

  /**
   * Closes the listeners, after a reload that may be under way, and asks every connection to end;
   * completes {@code done} once {@code open} says that nothing is left.
   */
  void drain(IntSupplier open, CompletableFuture<Void> done) {
    executor.execute(
        () -> {
          draining = true;
          listeners.close();
          closeClients(CloseRequest.GRACEFUL);
          whenQuiet(open, done);
        });
  }

  void closeClients(CloseRequest request) {
    for (int i = 0; i < clients.size(); i++) {
      ClientLoop client = clients.get(i);
      parts.loops().all().get(i).executor().execute(() -> client.close(request, c -> true));
    }
  }

  private void whenQuiet(IntSupplier open, CompletableFuture<Void> done) {
    ScheduledFuture<?> poll =
        executor.scheduleAtFixedRate(
            () -> {
              if (open.getAsInt() == 0) {
                done.complete(null);
              }
            },
            10,
            10,
            TimeUnit.MILLISECONDS);
    done.whenComplete((nothing, failure) -> poll.cancel(false));
  }

  /** Waits a while for a reload that is under way; one that is only asked for is refused. */
  @Override
  public void close() {
    CompletableFuture<ReloadReport> unanswered;
    synchronized (this) {
      closed = true;
      unanswered = pending;
      pending = null;
    }
    clock.shutdownNow();
    executor.shutdownNow();
    parts.tickets().close();
    if (unanswered != null) {
      unanswered.complete(refused("", "the proxy is closed"));
    }
    try {
      if (!executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a reload does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

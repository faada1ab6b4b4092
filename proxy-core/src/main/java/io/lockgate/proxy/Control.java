package io.lockgate.proxy;

import io.lockgate.accesslog.AccessLog;
import io.lockgate.accesslog.CurrentAccessLog;
import io.lockgate.alert.AlertWatch;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.CloseRequest;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.hocon.ProblemReport;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.limit.MemoryWatch;
import io.lockgate.listen.BindException;
import io.lockgate.listen.ListenerSet;
import io.lockgate.loop.Loop;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.snapshot.BuildResult;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.Retirement;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.ticket.TicketSourceException;
import io.lockgate.upstream.UpstreamPool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private static final int KEPT_REPORTS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Parts parts;
  private final CurrentSnapshot current;
  private final CurrentAccessLog accessLog;
  private final ListenerSet listeners;
  private final List<ClientLoop> clients;
  private final ProxyMetrics metrics;
  private final MemoryWatch memory;
  private final AlertWatch alerts;
  private final RsaSigning signing;
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

  private final Deque<ReloadReport> reports = new ArrayDeque<>();
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
    this.accessLog = accessLog;
    this.listeners = listeners;
    this.clients = clients;
    this.metrics = metrics;
    this.memory = memory;
    this.alerts = alerts;
    this.signing = new RsaSigning(parts.contexts());
  }

  void started(List<ConfigProblem> warnings) {
    release();
    Instant now = parts.setup().clock().instant();
    metrics.started(current.get().generation(), now);
    warn(warnings);
    keep(
        new ReloadReport(
            current.get().generation(),
            now,
            Duration.ZERO,
            "start",
            ReloadReport.Result.APPLIED,
            List.of(),
            warnings));
    executor.execute(parts.threadTime()::load);
    executor.execute(() -> signing.follow(current.get()));
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
    Outcome outcome;
    try {
      outcome = attempt();
    } catch (RuntimeException | Error e) {
      LOG.error("reload failed by a fault of the proxy; nothing was changed", e);
      outcome = Outcome.rejected(List.of(ReloadProblems.internal(e)));
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
    keep(report);
    log(report);
    if (!report.postponed()) { // It says nothing of the configuration.
      metrics.reloaded(report.generation(), time, report.result().name());
    }
    asked.complete(report);
  }

  /** What an attempt came to. */
  private record Outcome(
      ReloadReport.Result result, List<String> changes, List<ConfigProblem> problems) {
    static Outcome rejected(List<ConfigProblem> problems) {
      return new Outcome(ReloadReport.Result.REJECTED, List.of(), problems);
    }
  }

  private Outcome attempt() {
    if (draining) {
      // A new generation would accept connections again.
      return Outcome.rejected(
          List.of(ReloadProblems.notNow("the proxy is draining", "start it anew")));
    }
    if (!held.isEmpty()) {
      return Outcome.rejected(List.of(ReloadProblems.notNow(held, "try again in a moment")));
    }
    ConfigResult read = parts.source().read();
    if (!(read instanceof ConfigResult.Valid valid)) {
      return Outcome.rejected(read.problems());
    }
    Snapshot previous = current.get();
    BuildResult built = parts.builder().build(valid, Optional.of(previous));
    if (!(built instanceof BuildResult.Built next)) {
      return Outcome.rejected(built.problems());
    }
    TicketRotation.Preparation tickets;
    try {
      tickets = parts.tickets().prepare(valid.config().tls().tickets());
    } catch (TicketSourceException e) {
      return Outcome.rejected(List.of(e.problem(valid.config())));
    }
    if (!tickets.other()
        && previous.config().equals(valid.config())
        && previous.identities().sameIdentities(next.snapshot().identities())
        && previous.pools().equals(next.snapshot().pools())
        && previous.clients().sameVerifiers(next.snapshot().clients())) {
      previous.pools().values().forEach(UpstreamPool::readyAll);
      return new Outcome(ReloadReport.Result.UNCHANGED, List.of(), next.problems());
    }
    return switchTo(previous, next, tickets);
  }

  private Outcome switchTo(
      Snapshot previous, BuildResult.Built next, TicketRotation.Preparation tickets) {
    ProxyConfig config = next.snapshot().config();
    AccessLog log;
    try {
      log =
          accessLog.get().config().equals(config.accessLog())
              ? accessLog.get()
              : AccessLog.open(config.accessLog(), parts.logSetup());
    } catch (IOException e) {
      return Outcome.rejected(List.of(ReloadProblems.accessLogUnwritable(config, e)));
    }
    ListenerSet.Preparation sockets;
    try {
      sockets = listeners.prepare(config.listeners());
    } catch (BindException e) {
      if (log != accessLog.get()) {
        log.close();
      }
      return Outcome.rejected(List.of(ReloadProblems.addressInUse(config, e)));
    }
    publish(previous, next.snapshot(), log, sockets);
    parts.tickets().follow(tickets);
    List<String> changes = new ArrayList<>(ConfigChanges.between(previous, next.snapshot()));
    if (tickets.other()) {
      changes.add("session ticket keys replaced");
    }
    return new Outcome(ReloadReport.Result.APPLIED, changes, next.problems());
  }

  private void publish(
      Snapshot previous, Snapshot next, AccessLog log, ListenerSet.Preparation sockets) {
    current.publish(next);
    alerts.follow(next.config().alerts());
    sockets.follow();
    AccessLog before = accessLog.follow(log);
    parts.watch().follow(next.pools().values());
    next.pools().values().forEach(UpstreamPool::readyAll);
    parts.contexts().compressCertificates(next.config().tls().certificateCompression());
    signing.follow(next);
    Retirement retirement = Retirement.between(previous, next);
    Set<String> gone = metrics.retainHosts(next::serves);
    for (Loop loop : parts.loops().all()) {
      ClientLoop client = clients.get(loop.index());
      loop.executor().execute(() -> retire(client, retirement));
      if (!gone.isEmpty()) {
        loop.executor().execute(() -> metrics.forLoop(loop.index()).forget(gone));
      }
    }
    // After the barrier no loop holds anything it found in the generation before.
    parts.loops().afterBarrier(() -> later(() -> release(retirement, gone, before, log)));
  }

  private void release(
      Retirement retirement, Set<String> hostsGone, AccessLog before, AccessLog log) {
    retirement.pools().forEach(UpstreamPool::retire);
    metrics.forget(hostsGone);
    // Further generations may have been published since, and brought identities back.
    Snapshot now = current.get();
    parts.contexts().retain(now::uses);
    parts.certificateUse().retain(now::uses);
    if (before != log) {
      before.close();
    }
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

  private static void retire(ClientLoop client, Retirement retirement) {
    client.close(
        CloseRequest.FORCED,
        c -> retirement.bars(c.accepted().config(), c.sniHost(), c.facts().tls().client()));
    client.close(CloseRequest.GRACEFUL, c -> retirement.ends(c.accepted().config(), c.sniHost()));
  }

  private static void log(ReloadReport report) {
    switch (report.result()) {
      case APPLIED ->
          LOG.info(
              "generation {} serves after {} ms: {}",
              report.generation(),
              report.took().toMillis(),
              String.join("; ", report.changes()));
      case UNCHANGED -> LOG.info("nothing to reload: the configuration is unchanged");
      case REJECTED ->
          LOG.error(
              "reload rejected, generation {} goes on: {}",
              report.generation(),
              ProblemReport.render(report.problems(), false));
    }
    warn(report.problems());
  }

  private static void warn(List<ConfigProblem> problems) {
    for (ConfigProblem problem : problems) {
      if (problem.severity() == ConfigProblem.Severity.WARNING) {
        LOG.warn("{}: {} ({})", problem.code(), problem.message(), problem.origin());
      }
    }
  }

  private void keep(ReloadReport report) {
    synchronized (reports) {
      reports.addFirst(report);
      if (reports.size() > KEPT_REPORTS) {
        reports.removeLast();
      }
    }
  }

  List<ReloadReport> reloads() {
    synchronized (reports) {
      return new ArrayList<>(reports);
    }
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

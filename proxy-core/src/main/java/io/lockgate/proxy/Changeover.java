package io.lockgate.proxy;

import io.lockgate.accesslog.AccessLog;
import io.lockgate.accesslog.CurrentAccessLog;
import io.lockgate.alert.AlertWatch;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.CloseRequest;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ProxyConfig;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Puts what the files say now in the place of the generation that serves: reads, builds, opens what
 * may fail to open, and only then publishes; in the end releases what nobody uses any more. On the
 * control thread only.
 */
final class Changeover {
  private final Parts parts;
  private final CurrentSnapshot current;
  private final CurrentAccessLog accessLog;
  private final ListenerSet listeners;
  private final List<ClientLoop> clients;
  private final ProxyMetrics metrics;
  private final AlertWatch alerts;
  private final RsaSigning signing;
  private final Executor control;

  /**
   * @param control runs on the control thread, or not at all once the proxy is closed
   */
  Changeover(
      Parts parts,
      CurrentSnapshot current,
      CurrentAccessLog accessLog,
      ListenerSet listeners,
      List<ClientLoop> clients,
      ProxyMetrics metrics,
      AlertWatch alerts,
      Executor control) {
    this.parts = parts;
    this.current = current;
    this.accessLog = accessLog;
    this.listeners = listeners;
    this.clients = clients;
    this.metrics = metrics;
    this.alerts = alerts;
    this.signing = new RsaSigning(parts.contexts());
    this.control = control;
  }

  /** What an attempt came to. */
  record Outcome(ReloadReport.Result result, List<String> changes, List<ConfigProblem> problems) {
    static Outcome rejected(ConfigProblem problem) {
      return rejected(List.of(problem));
    }

    static Outcome rejected(List<ConfigProblem> problems) {
      return new Outcome(ReloadReport.Result.REJECTED, List.of(), problems);
    }
  }

  /** The first generation serves. */
  void begun() {
    signing.follow(current.get());
  }

  /** Nothing has changed unless the outcome says so. */
  Outcome attempt() {
    ConfigResult read = parts.source().read();
    if (!(read instanceof ConfigResult.Valid valid)) {
      return Outcome.rejected(read.problems());
    }
    Snapshot previous = current.get();
    BuildResult built = parts.builder().next(valid, previous);
    if (!(built instanceof BuildResult.Built next)) {
      return Outcome.rejected(built.problems());
    }
    TicketRotation.Preparation tickets;
    try {
      tickets = parts.tickets().prepare(valid.config().tls().tickets());
    } catch (TicketSourceException e) {
      return Outcome.rejected(e.problem(valid.config()));
    }
    if (!tickets.other() && same(previous, next.snapshot())) {
      previous.pools().values().forEach(UpstreamPool::readyAll);
      return new Outcome(ReloadReport.Result.UNCHANGED, List.of(), next.problems());
    }
    return switchTo(previous, next, tickets);
  }

  private static boolean same(Snapshot previous, Snapshot next) {
    return previous.config().equals(next.config())
        && previous.identities().sameIdentities(next.identities())
        && previous.pools().equals(next.pools())
        && previous.clients().sameVerifiers(next.clients());
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
      return Outcome.rejected(ReloadProblems.accessLogUnwritable(config, e));
    }
    ListenerSet.Preparation sockets;
    try {
      sockets = listeners.prepare(config.listeners());
    } catch (BindException e) {
      if (log != accessLog.get()) {
        log.close();
      }
      return Outcome.rejected(ReloadProblems.addressInUse(config, e));
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
    parts.loops().afterBarrier(() -> control.execute(() -> release(retirement, gone, before, log)));
  }

  private static void retire(ClientLoop client, Retirement retirement) {
    client.close(
        CloseRequest.FORCED,
        c -> retirement.bars(c.accepted().config(), c.sniHost(), c.facts().tls().client()));
    client.close(CloseRequest.GRACEFUL, c -> retirement.ends(c.accepted().config(), c.sniHost()));
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
}

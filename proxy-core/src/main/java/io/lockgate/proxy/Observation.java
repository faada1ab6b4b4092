package io.lockgate.proxy;

import io.lockgate.accesslog.CurrentAccessLog;
import io.lockgate.alert.AlertWatch;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.LoopTerms;
import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.RequestIds;
import io.lockgate.exchange.Tracer;
import io.lockgate.explain.ClientMix;
import io.lockgate.explain.FailureLog;
import io.lockgate.explain.LoopFailures;
import io.lockgate.limit.MemoryWatch;
import io.lockgate.listen.ConnectionEntrance;
import io.lockgate.listen.ConnectionListener;
import io.lockgate.loop.Loop;
import io.lockgate.loop.Loops;
import io.lockgate.metrics.LoopMetrics;
import io.lockgate.metrics.ProcessReadings;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.relay.RelayListener;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.tls.CertificateUse;
import io.lockgate.tls.EngineTime;
import io.lockgate.tls.ThreadTime;
import io.lockgate.tls.TlsListener;
import io.lockgate.trace.Tracing;
import io.lockgate.upstream.UpstreamListener;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Who is told of what happens on the event loops: metrics, logs, traces, and what explains failed
 * handshakes and tells clients apart. One for the process; each loop gets listeners of its own, so
 * that none waits for another.
 */
final class Observation {
  private final Optional<String> unobserved;
  private final Loops loops;
  private final CurrentAccessLog accessLog;
  private final Tracing tracing;
  private final MemoryWatch memory;
  private final ThreadTime threadTime;
  private final CertificateUse certificateUse;
  private final ProxyMetrics metrics;
  private final ClientMix clientMix;
  private final List<LoopFailures> failures;
  private final SplittableRandom seeds = new SplittableRandom(new SecureRandom().nextLong());

  Observation(
      Parts parts,
      CurrentSnapshot current,
      CurrentAccessLog accessLog,
      Tracing tracing,
      MemoryWatch memory,
      AlertWatch alerts) {
    ProxySetup setup = parts.setup();
    this.unobserved = setup.unobserved();
    this.loops = parts.loops();
    this.accessLog = accessLog;
    this.tracing = tracing;
    this.memory = memory;
    this.threadTime = parts.threadTime();
    this.certificateUse = parts.certificateUse();
    this.clientMix = new ClientMix(setup.clock());
    this.failures =
        parts.loops().all().stream()
            .map(loop -> new LoopFailures(setup.clock(), new FailureLog()))
            .toList();
    this.metrics =
        new ProxyMetrics(
            parts.loops().count(),
            List.of(
                new ProcessReadings(),
                new ProxyReadings(
                    current,
                    memory,
                    parts.ticketKeys(),
                    parts.upstreamTls(),
                    parts.workers(),
                    setup.clock(),
                    parts.logSetup().counts(),
                    setup.version()),
                new StaplingReadings(parts.stapling()),
                new AlertReadings(alerts),
                new TraceReadings(tracing)));
  }

  ProxyMetrics metrics() {
    return metrics;
  }

  ClientMix clientMix() {
    return clientMix;
  }

  List<LoopFailures> failures() {
    return failures;
  }

  /**
   * What serves the connections of each loop, and whom that tells.
   *
   * @param clients one for each loop
   */
  ConnectionEntrance.Selection of(List<ClientLoop> clients) {
    List<ConnectionEntrance.PerLoop> observed =
        loops.all().stream().map(loop -> observed(loop, clients.get(loop.index()))).toList();
    if (unobserved.isEmpty()) {
      return (loop, listener) -> observed.get(loop.index());
    }
    List<ConnectionEntrance.PerLoop> alone =
        loops.all().stream().map(loop -> unobserved(loop, clients.get(loop.index()))).toList();
    String unobservedListener = unobserved.get();
    return (loop, listener) ->
        (listener.equals(unobservedListener) ? alone : observed).get(loop.index());
  }

  private ConnectionEntrance.PerLoop observed(Loop loop, ClientLoop clients) {
    SplittableRandom random = seeds.split();
    LoopMetrics counted = metrics.forLoop(loop.index());
    LoopObserver observer =
        new LoopObserver(
            counted,
            accessLog.forLoop(loop.index()),
            accessLog.tlsForLoop(loop.index()),
            clientMix.exchanges(),
            clientMix.handshakes(),
            failures.get(loop.index()),
            certificateUse);
    return new ConnectionEntrance.PerLoop(
        clients,
        new LoopTerms(
            loop,
            observer,
            counted,
            new RequestIds(random),
            snapshot -> tracing.tracer(snapshot.config().tracing(), random),
            memory),
        counted,
        observer,
        RelayListener.both(counted, accessLog.relaysForLoop(loop.index())),
        new EngineTime(threadTime, counted, random.split()));
  }

  private ConnectionEntrance.PerLoop unobserved(Loop loop, ClientLoop clients) {
    return new ConnectionEntrance.PerLoop(
        clients,
        new LoopTerms(
            loop,
            ExchangeListener.NONE,
            UpstreamListener.NONE,
            new RequestIds(seeds.split()),
            snapshot -> Tracer.OFF,
            memory),
        ConnectionListener.NONE,
        TlsListener.NONE,
        RelayListener.NONE,
        EngineTime.NONE);
  }
}

package io.lockgate.metrics;

import io.lockgate.alert.LevelSource;
import io.lockgate.alert.ServiceLevel;
import io.lockgate.tls.EngineTime;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part of {@link LoopMetrics} that counts what happens in TLS. */
final class TlsCounts implements TlsListener {
  /** Failures of scanners, of clients that only left, and of limits; nobody's objective. */
  private static final Set<String> NOT_IN_EARNEST =
      Stream.of(
              HandshakeFailure.NOT_TLS,
              HandshakeFailure.MALFORMED,
              HandshakeFailure.UNKNOWN_HOST,
              HandshakeFailure.CLIENT_CLOSED,
              HandshakeFailure.RATE_LIMITED)
          .map(HandshakeFailure::label)
          .collect(Collectors.toUnmodifiableSet());

  private static final Map<How, String> HOWS = lowerCase(How.class);
  private static final Map<Side, String> SIDES = lowerCase(Side.class);
  private static final int HANDSHAKE_CELLS = 32;

  private final HostLabels hostLabels;
  private final LabelTable<Counter> handshakes;
  private final LabelTable<Counter> handshakeFailures;
  private final LabelTable<Counter> clientAuthFailures;
  private final LabelTable<Counter> negotiated;
  private final LabelTable<Counter> staples;
  private final LabelTable<Counter> closes;
  private final LabelTable<Latency> handshakeDurations = new LabelTable<>(Latency::new);
  private final Counter handshakeNanos = new Counter();
  private final Counter recordNanos = new Counter();

  private final HandshakeCells[] handshakeCells =
      Stream.generate(HandshakeCells::new).limit(HANDSHAKE_CELLS).toArray(HandshakeCells[]::new);

  /** How often places of hosts have become free. */
  private int vacancies;

  /**
   * @param counters makes the table of a metric, and reports what is in it
   */
  TlsCounts(HostLabels hostLabels, Function<Metric, LabelTable<Counter>> counters) {
    this.hostLabels = hostLabels;
    this.handshakes = counters.apply(Metric.TLS_HANDSHAKES);
    this.handshakeFailures = counters.apply(Metric.TLS_HANDSHAKE_FAILURES);
    this.clientAuthFailures = counters.apply(Metric.TLS_CLIENT_AUTH_FAILURES);
    this.negotiated = counters.apply(Metric.TLS_NEGOTIATED);
    this.staples = counters.apply(Metric.OCSP_STAPLES);
    this.closes = counters.apply(Metric.TLS_CLOSES);
  }

  private static <E extends Enum<E>> Map<E, String> lowerCase(Class<E> type) {
    Map<E, String> texts = new EnumMap<>(type);
    Arrays.stream(type.getEnumConstants())
        .forEach(value -> texts.put(value, value.name().toLowerCase(Locale.ROOT)));
    return texts;
  }

  @Override
  public void handshakeSucceeded(String listener, TlsFacts facts, long nanos) {
    HandshakeCells cells = handshakeCells[System.identityHashCode(facts) % HANDSHAKE_CELLS];
    if (!cells.areOf(listener, facts, vacancies)) {
      String resumed = facts.resumption().label();
      cells.become(listener, facts, vacancies);
      cells.time(handshakeDurations.cell(hostLabels.labelOf(facts.host()), resumed));
      cells.add(handshakes.cell(listener, facts.host(), facts.version(), resumed));
      negotiated(cells, "cipher", facts.cipher());
      negotiated(cells, "group", facts.group());
      negotiated(cells, "alpn", facts.alpn());
    }
    cells.count(nanos);
  }

  private void negotiated(HandshakeCells cells, String what, String value) {
    if (!value.isEmpty()) {
      cells.add(negotiated.cell(what, value));
    }
  }

  @Override
  public void handshakeSigned(String algorithm) {
    if (!algorithm.isEmpty()) {
      negotiated.cell("signature", algorithm).add(1);
    }
  }

  @Override
  public void stapled(String certificate, StapleResult result) {
    staples.cell(certificate, result.label()).add(1);
  }

  @Override
  public void handshakeFailed(FailedHandshake failed) {
    handshakeFailures.cell(failed.listener(), failed.host(), failed.failure().label()).add(1);
    failed
        .failure()
        .clientAuthReason()
        .ifPresent(reason -> clientAuthFailures.cell(failed.host(), reason).add(1));
  }

  @Override
  public void closed(Side side, How how) {
    closes.cell(SIDES.get(side), HOWS.get(how)).add(1);
  }

  @Override
  public void engineRan(EngineTime.Phase phase, long nanos) {
    (phase == EngineTime.Phase.HANDSHAKE ? handshakeNanos : recordNanos).add(nanos);
  }

  /** Drops the histograms of hosts that have lost their places. */
  void forget(Set<String> gone) {
    handshakeDurations.removeIf(entry -> gone.contains(entry.a));
    vacancies++;
  }

  void readTime(Readings readings) {
    readings.value(
        Metric.TLS_CPU, handshakeNanos.value() / 1e9, EngineTime.Phase.HANDSHAKE.label());
    readings.value(Metric.TLS_CPU, recordNanos.value() / 1e9, EngineTime.Phase.RECORDS.label());
  }

  void readFailures(Readings readings) {
    int labels = Metric.TLS_HANDSHAKE_FAILURES.labels().size();
    handshakeFailures.forEach(
        entry ->
            readings.add(Metric.TLS_HANDSHAKE_FAILURES, entry.value.value(), entry.labels(labels)));
  }

  void takeOver(LatencyTotals latencies) {
    latencies.takeOver(Metric.TLS_HANDSHAKE_DURATION, handshakeDurations);
  }

  /** How often the level was kept and missed. */
  void readLevels(LevelSource.Counts counts) {
    handshakes.forEach(
        entry -> counts.add(ServiceLevel.HANDSHAKES, entry.b, entry.value.value(), 0));
    handshakeFailures.forEach(
        entry -> {
          if (!NOT_IN_EARNEST.contains(entry.c)) {
            counts.add(ServiceLevel.HANDSHAKES, entry.b, 0, entry.value.value());
          }
        });
  }
}

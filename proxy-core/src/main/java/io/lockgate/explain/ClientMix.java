package io.lockgate.explain;

import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.tls.SniDecider;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the clients of each host speak, so that one knows who would be lost before a version is
 * switched off. One for all event loops, without locks on what was seen before; only hosts with
 * traffic take memory, some hundred octets each.
 */
public final class ClientMix {
  /** Of all hosts together, each 300 octets; beyond them new hosts share {@code other}. */
  static final int MOST_KINDS = 400_000;

  /** One of so many requests over TLS 1.2 is asked for its User-Agent, which allocates. */
  static final int INTERVAL = 16;

  private final Clock clock;
  private final int mostKinds;
  private final LongAdder kinds = new LongAdder();
  private final Map<String, HostClients> hosts = new ConcurrentHashMap<>();

  public ClientMix(Clock clock) {
    this(clock, MOST_KINDS);
  }

  ClientMix(Clock clock, int mostKinds) {
    this.clock = clock;
    this.mostKinds = mostKinds;
  }

  /** What the handshakes of an event loop are told to. */
  public TlsListener handshakes() {
    return new TlsListener() {
      @Override
      public void handshakeSucceeded(String listener, TlsFacts facts, long nanos) {
        succeeded(facts);
      }
    };
  }

  /** What the exchanges of one event loop are told to. */
  public ExchangeListener exchanges() {
    return new ExchangeListener() {
      private int untilSample = 1;

      @Override
      public void ended(ExchangeSummary summary) {
        if (summary.tls().version().equals("TLSv1.2") && --untilSample == 0) {
          untilSample = INTERVAL;
          host(summary.tls().host()).tls12(summary.userAgent(), INTERVAL, clock.instant());
        }
      }
    };
  }

  /** Those with traffic in the last 24 hours, the busiest first. */
  public List<ClientReport> report() {
    return hosts.entrySet().stream()
        .map(entry -> entry.getValue().report(entry.getKey(), clock.instant()))
        .filter(report -> report.handshakes() > 0)
        .sorted(Comparator.comparing(ClientReport::handshakes).reversed())
        .toList();
  }

  private void succeeded(TlsFacts facts) {
    long hour = clock.millis() / 3_600_000;
    HostClients host = host(facts.host());
    if (!host.count(facts, hour)) {
      kinds.increment();
      host.admit(facts, hour);
    }
  }

  private HostClients host(String label) {
    HostClients known = hosts.get(label);
    if (known != null) {
      return known;
    }
    String admitted = kinds.sum() < mostKinds ? label : SniDecider.OTHER;
    return hosts.computeIfAbsent(admitted, unseen -> new HostClients());
  }
}

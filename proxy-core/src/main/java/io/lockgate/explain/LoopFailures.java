package io.lockgate.explain;

import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.SniDecider;
import io.lockgate.tls.TlsListener;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What one event loop remembers of failed handshakes: a little of each host, of the hosts that
 * failed last. Told of events on that loop; read by anyone. Some megabytes at most.
 */
public final class LoopFailures implements TlsListener {
  static final int MOST_HOSTS = 256;
  static final int PLACES = 16;

  /** Strangers are many, and one cannot tell whose they meant to be. */
  static final int PLACES_OF_OTHER = 64;

  private final Clock clock;
  private final FailureLog log;
  private final Map<String, HostFailures> hosts = new ConcurrentHashMap<>();

  public LoopFailures(Clock clock, FailureLog log) {
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handshakeFailed(FailedHandshake failed) {
    Instant now = clock.instant();
    HostFailures host = hosts.get(failed.host());
    if (host == null) {
      host = admit(failed.host());
    }
    host.add(failed, now);
    log.failed(failed, now);
  }

  public void forEach(Consumer<RecordedFailure> action) {
    hosts.values().forEach(host -> host.forEach(action));
  }

  private HostFailures admit(String label) {
    boolean other = label.equals(SniDecider.OTHER);
    if (hosts.size() >= MOST_HOSTS) {
      hosts.entrySet().stream()
          .filter(entry -> !entry.getKey().equals(SniDecider.OTHER))
          .min(Comparator.comparing(entry -> entry.getValue().lastAt()))
          .ifPresent(entry -> hosts.remove(entry.getKey()));
    }
    HostFailures fresh = new HostFailures(other ? PLACES_OF_OTHER : PLACES);
    hosts.put(label, fresh);
    return fresh;
  }
}

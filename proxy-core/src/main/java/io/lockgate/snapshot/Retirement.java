package io.lockgate.snapshot;

import io.lockgate.config.model.ListenerConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.upstream.UpstreamPool;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of one generation the next one does not have. With the builder the only place that knows
 * both.
 *
 * @param pools to be drained
 * @param identityDigests of the identities that stay
 */
public record Retirement(
    Snapshot previous, Snapshot next, List<UpstreamPool> pools, Set<String> identityDigests) {

  public static Retirement between(Snapshot previous, Snapshot next) {
    List<UpstreamPool> pools =
        previous.pools().entrySet().stream()
            .filter(pool -> !pool.getValue().equals(next.pools().get(pool.getKey())))
            .map(pool -> pool.getValue())
            .toList();
    Set<String> digests = new HashSet<>();
    for (CertificateEntry entry : next.identities().entries()) {
      digests.add(entry.identity().digest());
    }
    return new Retirement(previous, next, pools, digests);
  }

  /**
   * Whether a connection must end because what it was promised no longer holds: its listener is
   * gone or speaks otherwise, or the terms of the host it was opened to have changed. A new
   * certificate or other routes end no connection.
   */
  public boolean ends(String listener, Optional<ServedHost> host) {
    ListenerHosts before = previous.listeners().get(listener);
    return before == null || !keeps(next, before.config(), host);
  }

  /**
   * Whether {@code now} still keeps what a connection was promised: one that was under way to its
   * first request while a generation was published is in nobody's list yet.
   *
   * @param accepted the listener as it was when the connection came in
   */
  public static boolean keeps(Snapshot now, ListenerConfig accepted, Optional<ServedHost> host) {
    ListenerHosts served = now.listeners().get(accepted.name());
    if (served == null
        || served.config().tls() != accepted.tls()
        || !served.config().address().equals(accepted.address())) {
      return false;
    }
    if (host.isEmpty()) {
      return true;
    }
    ServedHost promised = host.get();
    ServedHost offered = now.host(accepted.name(), promised.label());
    return offered != null && offered.terms().promisesSame(promised.terms());
  }
}

package io.lockgate.snapshot;

import io.lockgate.config.hocon.EffectiveConfig;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.ClientAuthCatalog;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.tls.Staples;
import io.lockgate.upstream.UpstreamPool;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One generation of the whole running proxy, built off the event loops and published as one value.
 * Immutable.
 *
 * @param effective the configuration as an operator may read it
 * @param clients who verifies the certificates of clients
 * @param listeners what each listener serves, by its name
 * @param pools by the upstream's name; shared with other generations where their configuration is
 *     equal
 * @param staples the OCSP responses of the identities
 */
public record Snapshot(
    long generation,
    ProxyConfig config,
    EffectiveConfig effective,
    IdentityCatalog identities,
    ClientAuthCatalog clients,
    HttpTerms http,
    Map<String, ListenerHosts> listeners,
    Map<String, UpstreamPool> pools,
    Staples staples) {

  /**
   * What is served on a socket that was bound for a listener: of the same name, or renamed since,
   * which is told by the address. Empty where nothing is.
   */
  public Optional<ListenerHosts> listener(String name, BindAddress address) {
    ListenerHosts named = listeners.get(name);
    if (named != null && named.config().address().equals(address)) {
      return Optional.of(named);
    }
    // The system chooses port 0 anew for each listener, so it tells nothing.
    return address.port() == 0
        ? Optional.empty()
        : listeners.values().stream()
            .filter(hosts -> hosts.config().address().equals(address))
            .findFirst();
  }

  /** What hosts are called in logs and metrics. */
  public Set<String> hostLabels() {
    return config.hosts().stream()
        .map(host -> host.name().toString())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Which identities serve or are presented to servers. */
  public Set<String> identityDigests() {
    return identities.entries().stream()
        .map(entry -> entry.identity().digest())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The terms of a host on a listener, or null where the one or the other is not served. */
  ServedHost host(String listener, String label) {
    ListenerHosts served = listeners.get(listener);
    if (served == null) {
      return null;
    }
    return served.hosts().match(label).map(match -> match.value()).orElse(null);
  }
}

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

/**
 * One generation of the whole running proxy, built off the event loops and published as one value.
 * Immutable.
 *
 * @param effective the configuration as an operator may read it
 * @param names which identities cover which names
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
    IdentityIndex names,
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

  /** Whether a host of that label is served, on whatever listener. */
  public boolean serves(String label) {
    for (String listener : listeners.keySet()) {
      if (host(listener, label).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the identity of that digest serves, or is presented to servers. */
  public boolean uses(String identityDigest) {
    return identities.byDigest(identityDigest).isPresent();
  }

  /** The host of that label on a listener; empty where the one or the other is not served. */
  Optional<ServedHost> host(String listener, String label) {
    ListenerHosts served = listeners.get(listener);
    // Where a host is gone, a wildcard may cover its name.
    return served == null
        ? Optional.empty()
        : served.served(label).filter(host -> host.label().equals(label));
  }
}

package io.lockgate.snapshot;

import io.lockgate.config.hocon.EffectiveConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.ClientAuthCatalog;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.tls.Staples;
import io.lockgate.upstream.UpstreamPool;
import java.util.Map;

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

  /** The terms of a host on a listener, or null where the one or the other is not served. */
  ServedHost host(String listener, String label) {
    ListenerHosts served = listeners.get(listener);
    if (served == null) {
      return null;
    }
    return served.hosts().match(label).map(match -> match.value()).orElse(null);
  }
}

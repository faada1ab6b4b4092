package io.lockgate.snapshot;

import io.lockgate.config.model.ListenerConfig;
import io.lockgate.tls.SniMatch;
import io.lockgate.tls.SniTable;
import io.lockgate.tls.TlsDecider;
import java.util.List;
import java.util.Optional;

/**
 * What one listener serves in one generation. Immutable; read by every event loop.
 *
 * @param all every host that is served, once
 * @param fallback serves authorities that no host covers; empty refuses them
 * @param decider decides handshakes; unused on a listener without TLS
 * @param startTls whether clients of any host may ask for TLS in clear, as PostgreSQL does
 * @param redirectPorts where a listener that only redirects sends clients that named a port
 */
public record ListenerHosts(
    ListenerConfig config,
    List<ServedHost> all,
    SniTable<ServedHost> hosts,
    Optional<ServedHost> fallback,
    TlsDecider decider,
    boolean startTls,
    Optional<RedirectPorts> redirectPorts) {

  /** A listener without hosts whose clients ask for TLS. */
  public ListenerHosts(
      ListenerConfig config,
      List<ServedHost> all,
      SniTable<ServedHost> hosts,
      Optional<ServedHost> fallback,
      TlsDecider decider,
      Optional<RedirectPorts> redirectPorts) {
    this(config, all, hosts, fallback, decider, false, redirectPorts);
  }

  /** The host of that label. */
  Optional<ServedHost> served(String label) {
    return hosts.match(label).map(match -> match.value());
  }

  /** The host that serves an authority. */
  public Optional<ServedHost> find(String host) {
    Optional<SniMatch<ServedHost>> match = hosts.match(host);
    return match.isPresent() ? Optional.of(match.get().value()) : fallback;
  }
}

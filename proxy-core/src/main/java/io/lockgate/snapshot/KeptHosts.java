package io.lockgate.snapshot;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RouteAction;
import io.lockgate.table.FlatTable;
import io.lockgate.upstream.UpstreamPool;
import java.util.Map;
import java.util.Optional;

/**
 * The hosts of a generation that the next one may serve as they are, the very same objects: those
 * for which nothing is configured otherwise that went into them. What files hold is not looked at
 * here. Lives as long as a build, since it holds the generation before.
 */
final class KeptHosts {
  private final Snapshot previous;
  private final ProxyConfig config;
  private final Map<String, UpstreamPool> pools;

  /** Whether nothing at all is configured otherwise. */
  private final boolean unchanged;

  /** Those of before by their label; empty if there is nothing to be compared. */
  private final FlatTable<String, HostConfig> before;

  /**
   * @param pools those of the next generation
   */
  KeptHosts(Snapshot previous, ProxyConfig config, Map<String, UpstreamPool> pools) {
    this.previous = previous;
    this.config = config;
    this.pools = pools;
    this.unchanged = previous.config().equals(config) && previous.pools().equals(pools);
    this.before =
        !unchanged && commonIsSame(previous.config(), config)
            ? byLabel(previous.config())
            : FlatTable.empty();
  }

  /** What is written once and goes into every host. */
  private static boolean commonIsSame(ProxyConfig before, ProxyConfig now) {
    return before.tls().equals(now.tls())
        && before.http().errorPages().equals(now.http().errorPages())
        && before.limits().requests().equals(now.limits().requests());
  }

  private static FlatTable<String, HostConfig> byLabel(ProxyConfig config) {
    FlatTable.Builder<String, HostConfig> hosts = FlatTable.builder(config.hosts().size());
    config.hosts().forEach(host -> hosts.put(host.name().toString(), host));
    return hosts.build();
  }

  /** The host as it was compiled for that listener; empty where it must be compiled anew. */
  Optional<ServedHost> of(HostConfig host, ListenerConfig listener) {
    String label = host.name().toString();
    return unchanged || same(host, label, listener)
        ? previous.host(listener.name(), label)
        : Optional.empty();
  }

  private boolean same(HostConfig host, String label, ListenerConfig listener) {
    return host.equals(before.getOrDefault(label, null))
        && speaksAsBefore(listener)
        && samePolicy(host.tlsPolicy())
        && samePools(host);
  }

  private boolean speaksAsBefore(ListenerConfig listener) {
    ListenerHosts served = previous.listeners().get(listener.name());
    // What was served in clear has not been tried with the TLS library yet.
    return served != null
        && served.config().tls() == listener.tls()
        && served.config().protocols().equals(listener.protocols());
  }

  private boolean samePolicy(String name) {
    return config.policies().get(name).equals(previous.config().policies().get(name));
  }

  private boolean samePools(HostConfig host) {
    return host.routes().stream()
            .allMatch(
                route ->
                    !(route.action() instanceof RouteAction.ForwardTo forward)
                        || samePool(forward.upstream()))
        && host.relay().map(relay -> samePool(relay.upstream())).orElse(true);
  }

  private boolean samePool(String upstream) {
    return pools.get(upstream) == previous.pools().get(upstream);
  }
}

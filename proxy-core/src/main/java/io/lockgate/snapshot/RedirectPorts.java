package io.lockgate.snapshot;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.tls.SniTable;
import java.util.Comparator;
import java.util.List;

/**
 * Where a listener that only redirects to https sends clients that named a port: to the TLS
 * listener that is written first, and that a client can connect to by itself, which leaves out
 * those that expect the header of a load balancer. A host that is served on some listeners only has
 * its own. Immutable; read by every event loop.
 */
public final class RedirectPorts {
  private static final int STANDARD = 443;

  /** Empty where all hosts are served on all listeners. */
  private final SniTable<Integer> byHost;

  private final int usual;

  private RedirectPorts(SniTable<Integer> byHost, int usual) {
    this.byHost = byHost;
    this.usual = usual;
  }

  static RedirectPorts of(ProxyConfig config, ListenerConfig redirecting) {
    List<ListenerConfig> candidates =
        config.listeners().stream()
            .filter(listener -> listener.tls() && !listener.proxyProtocol().accept())
            .sorted(asWritten(config, redirecting))
            .toList();
    int usual = first(candidates, STANDARD);
    SniTable.Builder<Integer> byHost = SniTable.builder();
    if (config.hosts().stream().anyMatch(host -> !host.listeners().isEmpty())) {
      // All of them, since an exact name without listeners wins over a wildcard that has some.
      for (HostConfig host : config.hosts()) {
        int port = first(candidates.stream().filter(own -> serves(own, host)).toList(), usual);
        byHost.add(host.name().toString(), port);
        host.aliases().forEach(alias -> byHost.add(alias.toString(), port));
      }
    }
    return new RedirectPorts(byHost.build(), usual);
  }

  /** The port for clients that asked for this host, in lower case. */
  public int of(String host) {
    return byHost.match(host).map(match -> match.value()).orElse(usual);
  }

  private static boolean serves(ListenerConfig listener, HostConfig host) {
    return host.listeners().isEmpty() || host.listeners().contains(listener.name());
  }

  private static int first(List<ListenerConfig> listeners, int otherwise) {
    return listeners.isEmpty() ? otherwise : listeners.get(0).address().port();
  }

  /** By line; those of the file that the redirecting listener stands in come first. */
  private static Comparator<ListenerConfig> asWritten(
      ProxyConfig config, ListenerConfig redirecting) {
    String file = origin(config, redirecting).file();
    return Comparator.comparing(
        listener -> origin(config, listener),
        Comparator.comparing((Origin origin) -> !origin.file().equals(file))
            .thenComparing(Origin::file)
            .thenComparingInt(Origin::line));
  }

  private static Origin origin(ProxyConfig config, ListenerConfig listener) {
    return config.origins().of("listeners." + listener.name() + ".address").orElse(Origin.BUILT_IN);
  }
}

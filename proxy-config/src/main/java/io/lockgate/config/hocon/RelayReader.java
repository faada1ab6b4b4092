package io.lockgate.config.hocon;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.RelayConfig;
import io.lockgate.config.model.RelayConfig.Mode;
import io.lockgate.config.model.RelayConfig.StartTls;
import io.lockgate.config.model.RouteAction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads how a host's bytes are forwarded, and reports what its mode leaves no room for. */
final class RelayReader {
  private static final List<String> OF_RELAYS = List.of("upstream", "starttls", "alpn");

  private final Reading reading;
  private final Block root;
  private final List<ListenerConfig> listeners;

  RelayReader(Reading reading, Block root, List<ListenerConfig> listeners) {
    this.reading = reading;
    this.root = root;
    this.listeners = listeners;
  }

  /**
   * @param servedOn names of listeners; all if empty
   * @return empty for a host that speaks HTTP
   */
  Optional<RelayConfig> read(String name, Block block, List<String> servedOn) {
    String mode = block.text("mode");
    if (mode.equals("http")) {
      OF_RELAYS.forEach(
          key -> unfit(name, block, key, "which is for the modes tcp and passthrough"));
      unfit(name, block, "idle-timeout", "which is for the modes tcp and passthrough");
      return Optional.empty();
    }
    boolean passthrough = mode.equals("passthrough");
    unfit(name, block, "routes", "but mode = " + mode + " knows no requests");
    unfit(name, block, "hsts", "but mode = " + mode + " knows no responses");
    if (passthrough) {
      for (String key : List.of("tls-policy", "client-auth")) {
        unfit(name, block, key, "but its TLS ends at the server");
      }
    } else {
      block.maybeBlock("client-auth").ifPresent(auth -> checkForward(name, auth));
    }
    checkListeners(name, block, servedOn);
    Optional<String> upstream = block.maybeText("upstream");
    upstream
        .flatMap(its -> Optional.ofNullable(root.blocks("upstreams").get(its)))
        .ifPresent(its -> checkUpstream(name, block, its, passthrough));
    if (upstream.isEmpty()) {
      if (!block.has("upstream")) {
        reading.error(
            "missing-key",
            block.pathOf("upstream"),
            block.originOf("mode"),
            "host \"" + name + "\" has mode = " + mode + ", but no upstream to forward to",
            "upstream = NAME");
      }
      return Optional.empty();
    }
    return Optional.of(relay(block, passthrough, upstream.get()));
  }

  private static RelayConfig relay(Block block, boolean passthrough, String upstream) {
    StartTls startTls =
        block
            .maybeText("starttls")
            .map(text -> StartTls.valueOf(text.toUpperCase(Locale.ROOT)))
            .orElse(StartTls.NONE);
    List<String> alpn = block.list("alpn", String.class);
    boolean implied = alpn.isEmpty() && !passthrough && startTls == StartTls.POSTGRES;
    return new RelayConfig(
        passthrough ? Mode.PASSTHROUGH : Mode.TCP,
        upstream,
        implied ? List.of("postgresql") : alpn,
        block.duration("idle-timeout"),
        startTls);
  }

  private void unfit(String name, Block block, String key, String why) {
    if (block.hasUsable(key)) {
      contradiction(
          block.pathOf(key),
          block.originOf(key),
          "host \"" + name + "\" has " + key + ", " + why,
          "");
    }
  }

  private void checkForward(String name, Block auth) {
    if (!auth.items("forward").isEmpty()) {
      contradiction(
          auth.pathOf("forward"),
          auth.originOf("forward"),
          "host \""
              + name
              + "\" tells the upstream about client certificates in fields of requests,"
              + " but mode = tcp knows no requests",
          "send-proxy-protocol = v2 on the upstream tells it the name in the certificate");
    }
  }

  private void checkListeners(String name, Block block, List<String> servedOn) {
    for (ListenerConfig listener : listeners) {
      if (servedOn.contains(listener.name()) && !listener.tls()) {
        contradiction(
            block.pathOf("listeners"),
            block.originOf("listeners"),
            "host \""
                + name
                + "\" is found by its name in TLS, and listener \""
                + listener.name()
                + "\" is without TLS",
            "take it out of the host's listeners");
      }
    }
  }

  private void checkUpstream(String name, Block block, Block upstream, boolean passthrough) {
    String sentence =
        "host \"" + name + "\" forwards bytes, but upstream \"" + block.text("upstream") + "\" ";
    String protocol = upstream.text("protocol");
    if (!protocol.equals("http/1.1")) {
      contradiction(block, sentence + "speaks " + protocol, "take protocol out of the upstream");
    }
    if (passthrough && upstream.maybeBlock("tls").isPresent()) {
      contradiction(
          block, sentence + "has tls, which would be TLS within TLS", "mode = tcp encrypts anew");
    }
    if (upstream.node("balance") instanceof Block balance) {
      boolean sticky = balance.maybeBlock("sticky-cookie").isPresent();
      boolean byField =
          balance
              .maybeBlock("hash")
              .map(hash -> !((Node.Leaf) hash.node("on")).text().equals("client-ip"))
              .orElse(false);
      if (sticky || byField) {
        contradiction(
            block, sentence + "picks a server by a field of requests", "hash { on = client-ip }");
      }
    }
  }

  /** What an upstream says by ALPN depends on who speaks to its servers. */
  void checkShared(List<HostConfig> hosts) {
    Set<String> routed =
        hosts.stream()
            .flatMap(host -> host.routes().stream())
            .filter(route -> route.action() instanceof RouteAction.ForwardTo)
            .map(route -> ((RouteAction.ForwardTo) route.action()).upstream())
            .collect(Collectors.toSet());
    for (HostConfig host : hosts) {
      Optional<String> shared = host.relay().map(RelayConfig::upstream).filter(routed::contains);
      Optional<Block> upstream = shared.map(its -> root.blocks("upstreams").get(its));
      if (upstream.flatMap(its -> its.maybeBlock("tls")).isPresent()) {
        contradiction(
            upstream.get().pathOf("tls"),
            upstream.get().originOf("tls"),
            "upstream \""
                + shared.get()
                + "\" has tls and is used for requests as well as by host \""
                + host.name()
                + "\" for bytes",
            "write two upstreams: they offer different protocols to the servers");
      }
    }
  }

  private void contradiction(Block host, String sentence, String help) {
    contradiction(host.pathOf("upstream"), host.originOf("upstream"), sentence, help);
  }

  private void contradiction(String path, Origin origin, String sentence, String help) {
    reading.error("contradiction", path, origin, sentence, help);
  }
}

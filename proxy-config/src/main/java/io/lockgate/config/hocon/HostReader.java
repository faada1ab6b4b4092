package io.lockgate.config.hocon;

import io.lockgate.config.model.AnswerConfig;
import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostConfig.Hsts;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.TlsPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code hosts}. */
final class HostReader {
  private static final Duration PRELOAD_MINIMUM = Duration.ofDays(365);

  private final Reading reading;
  private final Block root;
  private final Map<String, TlsPolicy> policies;
  private final Set<String> listeners;
  private final String defaultPolicy;
  private final String shownDefaultPolicy;
  private final HostClaims claims;
  private final ClientAuthReader clientAuth;
  private final HostProtocols protocols;
  private final ErrorPageReader errorPages;

  HostReader(
      Reading reading,
      Block root,
      Map<String, TlsPolicy> policies,
      List<ListenerConfig> listenerConfigs,
      ErrorPageReader errorPages) {
    this.errorPages = errorPages;
    this.reading = reading;
    this.root = root;
    this.policies = policies;
    this.listeners = root.blocks("listeners").keySet();
    this.defaultPolicy = root.block("tls").text("policy");
    this.shownDefaultPolicy = Quoted.asWritten(defaultPolicy);
    this.claims = new HostClaims(reading, listeners);
    this.clientAuth = new ClientAuthReader(reading, root.blocks("listeners"));
    this.protocols = new HostProtocols(reading, policies, listenerConfigs);
  }

  List<HostConfig> read() {
    List<HostConfig> hosts = new ArrayList<>();
    reading.hostDefinitions().report(reading, root.blocks("hosts").keySet());
    root.blocks("hosts").forEach((name, block) -> host(name, block).ifPresent(hosts::add));
    if (root.blocks("hosts").isEmpty() && reading.isWhole()) {
      reading.warning(
          "no-hosts",
          "hosts",
          root.has("hosts") ? root.originOf("hosts") : reading.start(),
          "there is no host, so every request is refused",
          "hosts { \"www.example.com\" { routes = [ ... ] } }");
    }
    return hosts;
  }

  private Optional<HostConfig> host(String name, Block block) {
    if (!(NetworkTypes.parseHost(name) instanceof Parsed.Good good)) {
      return Optional.empty(); // The walk has said so.
    }
    HostPattern pattern = (HostPattern) good.value();
    List<String> servedOn = servedOn(name, block);
    claims.claim(name, block, pattern, servedOn);
    List<HostPattern> aliases = new ArrayList<>();
    for (Node.Leaf leaf : block.leaves("aliases")) {
      leaf.value()
          .map(HostPattern.class::cast)
          .ifPresent(
              alias -> {
                aliases.add(alias);
                claims.claim(name, leaf, alias, servedOn);
              });
    }
    checkModes(name, block);
    reading.knowHostAs(pattern.toString(), name);
    List<RouteConfig> routes = routes(name, block);
    String policy = policy(name, block);
    protocols.check(name, block, servedOn, policy);
    return Optional.of(
        new HostConfig(
            pattern,
            aliases,
            servedOn,
            policy,
            clientAuth.read(name, pattern, block, servedOn),
            hsts(name, block),
            new AnswerConfig(
                errorPages.read(block), block.on("intercept-errors"), block.on("security-headers")),
            routes));
  }

  private List<String> servedOn(String name, Block block) {
    List<String> names = new ArrayList<>();
    for (Node.Leaf leaf : block.leaves("listeners")) {
      leaf.value()
          .map(String.class::cast)
          .filter(
              listener ->
                  reading.checkReference(
                      "unknown-listener",
                      leaf,
                      listener,
                      "host \"" + name + "\" is served on listener",
                      root.blocks("listeners")))
          .ifPresent(names::add);
    }
    return names;
  }

  private void checkModes(String name, Block block) {
    block
        .maybeText("upstream")
        .ifPresent(
            upstream ->
                reading.checkReference(
                    "unknown-upstream",
                    block.node("upstream"),
                    upstream,
                    "host \"" + name + "\" forwards to upstream",
                    root.blocks("upstreams")));
    boolean meant = block.hasUsable("routes") || !block.has("routes");
    if (meant && block.items("routes").isEmpty() && block.text("mode").equals("http")) {
      reading.warning(
          "no-routes",
          block.pathOf("routes"),
          block.originOf("routes"),
          "host \"" + name + "\" has no route, so every request gets 404",
          "routes = [{ path = \"/\", upstream = ... }]");
    }
  }

  private String policy(String name, Block block) {
    Optional<String> written = block.maybeText("tls-policy");
    if (written.isEmpty()) {
      reading.derive(block.pathOf("tls-policy"), shownDefaultPolicy);
      return defaultPolicy;
    }
    if (!policies.containsKey(written.get())) {
      PolicyReader.checkPolicy(
          reading,
          block,
          "tls-policy",
          "host \"" + name + "\" has the TLS policy",
          root.blocks("tls-policies"));
    }
    return written.get();
  }

  private Optional<Hsts> hsts(String name, Block block) {
    Optional<Block> written = block.maybeBlock("hsts");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Block hsts = written.get();
    Hsts value =
        new Hsts(hsts.duration("max-age"), hsts.on("include-subdomains"), hsts.on("preload"));
    if (value.preload()
        && (!value.includeSubdomains() || value.maxAge().compareTo(PRELOAD_MINIMUM) < 0)) {
      reading.error(
          "hsts-preload",
          hsts.pathOf("preload"),
          hsts.originOf("preload"),
          "host \"" + name + "\" asks for preloading, but browsers will not take it",
          "preloading needs include-subdomains = on and max-age of 365d or more");
    }
    return Optional.of(value);
  }

  private List<RouteConfig> routes(String name, Block block) {
    Optional<CompressionConfig> compression = Compression.read(reading, block, Optional.empty());
    RouteReader reader = new RouteReader(reading, root.blocks("upstreams"), name, compression);
    List<RouteConfig> routes = new ArrayList<>();
    List<Node> nodes = block.items("routes");
    Shadows shadows = new Shadows(reading, name);
    for (int i = 0; i < nodes.size(); i++) {
      Block route = (Block) nodes.get(i);
      reader
          .read(route)
          .ifPresent(
              config -> {
                shadows.check(config, route);
                routes.add(config);
              });
    }
    return routes;
  }
}

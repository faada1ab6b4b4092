package io.lockgate.config.hocon;

import io.lockgate.config.model.EjectionConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.config.model.UpstreamConfig.Retry;
import io.lockgate.config.model.UpstreamConfig.SendProxyProtocol;
import io.lockgate.config.model.UpstreamConfig.Server;
import io.lockgate.config.model.UpstreamTlsConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code upstreams}. */
final class UpstreamReader {
  private final Reading reading;
  private final Block root;
  private final UpstreamTlsReader tlsReader;
  private final HealthReader healthReader;

  UpstreamReader(Reading reading, Block root, Map<String, TlsPolicy> policies) {
    this.reading = reading;
    this.root = root;
    this.tlsReader = new UpstreamTlsReader(reading, root, policies);
    this.healthReader = new HealthReader(reading);
  }

  List<UpstreamConfig> read() {
    List<UpstreamConfig> upstreams = new ArrayList<>();
    root.blocks("upstreams")
        .forEach((name, block) -> upstream(name, block).ifPresent(upstreams::add));
    return upstreams;
  }

  private Optional<UpstreamConfig> upstream(String name, Block block) {
    Optional<UpstreamTlsConfig> tls =
        block.maybeBlock("tls").map(written -> tlsReader.read(name, written));
    Protocol protocol = protocol(name, block, tls.isPresent());
    List<Server> servers = servers(name, block);
    if (servers.isEmpty()) {
      return Optional.empty();
    }
    tls.ifPresent(its -> checkNames(name, block, its, servers));
    return Optional.of(
        new UpstreamConfig(
            name,
            servers,
            protocol,
            tls,
            new BalanceReader(reading).read(name, block),
            block.duration("connect-timeout"),
            block.duration("response-timeout"),
            block.duration("idle-timeout"),
            block.integer("max-connections"),
            block.integer("max-waiting"),
            block.duration("max-wait"),
            block.integer("max-requests-per-connection"),
            block.maybeBlock("health").map(health -> healthReader.read(name, health, protocol)),
            block.maybeBlock("ejection").map(UpstreamReader::ejection),
            retry(block.block("retry")),
            sendProxyProtocol(name, block, protocol)));
  }

  /** A socket's path is neither a name nor an address that a certificate could cover. */
  private void checkNames(String name, Block block, UpstreamTlsConfig tls, List<Server> servers) {
    if (tls.serverName().isEmpty() && servers.stream().anyMatch(s -> s.unixPath().isPresent())) {
      reading.error(
          "tls-without-name",
          block.node("tls"),
          "upstream \"" + name + "\": a Unix socket has no name that a certificate could cover",
          "tls { server-name = \"app.internal\" }");
    }
  }

  private Protocol protocol(String name, Block block, boolean tls) {
    String text = block.text("protocol");
    if (text.equals("auto") && !tls) {
      reading.error(
          "auto-without-tls",
          block.node("protocol"),
          "upstream \"" + name + "\": auto asks by ALPN, which is a part of TLS",
          "add tls {}, or write http/1.1 or h2");
    }
    return switch (text) {
      case "h2" -> Protocol.H2;
      case "auto" -> Protocol.AUTO;
      default -> Protocol.HTTP_1_1;
    };
  }

  private SendProxyProtocol sendProxyProtocol(String name, Block block, Protocol protocol) {
    String text = block.text("send-proxy-protocol");
    if (!text.equals("off") && protocol != Protocol.HTTP_1_1) {
      reading.error(
          "contradiction",
          block.node("send-proxy-protocol"),
          "upstream \""
              + name
              + "\": connections of HTTP/2 are shared by clients, so none of them"
              + " can begin with the address of one",
          "protocol = \"http/1.1\", or send-proxy-protocol = off");
    }
    return SendProxyProtocol.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private List<Server> servers(String name, Block block) {
    List<Server> servers = new ArrayList<>();
    Set<String> addresses = new HashSet<>();
    for (Node node : block.items("servers")) {
      Optional<Server> server = server(node);
      if (server.isPresent() && !addresses.add(server.get().address())) {
        reading.error(
            "duplicate-server",
            node,
            "upstream \"" + name + "\" has the server " + server.get().address() + " twice",
            "give it a weight instead: { address = \"...\", weight = 2 }");
      }
      server.ifPresent(servers::add);
    }
    if (block.hasUsable("servers") && block.items("servers").isEmpty()) {
      reading.error(
          "no-servers",
          block.node("servers"),
          "upstream \"" + name + "\" has no server",
          "servers = [\"127.0.0.1:9001\"]");
    }
    return servers;
  }

  private Optional<Server> server(Node node) {
    if (!(node instanceof Block block)) {
      return ((Node.Leaf) node).value().map(Server.class::cast);
    }
    if (block.has("backup") && block.has("priority")) {
      reading.error(
          "contradiction",
          block.node("priority"),
          "a server has both backup and priority",
          "backup = on is short for priority = 1; keep one of them");
    }
    int priority = block.on("backup") ? 1 : block.integer("priority");
    return block
        .maybe("address", Server.class)
        .map(server -> new Server(server.host(), server.port(), block.integer("weight"), priority));
  }

  private static EjectionConfig ejection(Block block) {
    return new EjectionConfig(
        block.integer("consecutive-failures"),
        block.duration("for"),
        (int) block.percent("max-ejected"),
        block.integer("latency-factor"));
  }

  static List<Retry.Condition> retryConditions(Block retry) {
    return retry.list("on", String.class).stream()
        .map(on -> Retry.Condition.valueOf(on.replace('-', '_').toUpperCase(Locale.ROOT)))
        .toList();
  }

  private static Retry retry(Block block) {
    return new Retry(
        block.integer("attempts"),
        retryConditions(block),
        (int) block.percent("budget"),
        block.duration("per-try-timeout"),
        (int) block.size("replay-body"));
  }
}

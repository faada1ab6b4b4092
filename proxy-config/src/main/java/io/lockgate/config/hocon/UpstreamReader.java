package io.lockgate.config.hocon;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Retry;
import io.lockgate.config.model.UpstreamConfig.Server;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code upstreams}. */
final class UpstreamReader {
  private final Reading reading;
  private final Block root;

  UpstreamReader(Reading reading, Block root) {
    this.reading = reading;
    this.root = root;
  }

  List<UpstreamConfig> read() {
    List<UpstreamConfig> upstreams = new ArrayList<>();
    root.blocks("upstreams")
        .forEach((name, block) -> upstream(name, block).ifPresent(upstreams::add));
    return upstreams;
  }

  private Optional<UpstreamConfig> upstream(String name, Block block) {
    block.maybeBlock("tls").ifPresent(tls -> checkClientCertificate(name, tls));
    List<Server> servers = servers(name, block);
    if (servers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new UpstreamConfig(
            name,
            servers,
            UpstreamConfig.Protocol.HTTP_1_1,
            UpstreamConfig.Balance.ROUND_ROBIN,
            block.duration("connect-timeout"),
            block.duration("response-timeout"),
            block.duration("idle-timeout"),
            block.integer("max-connections"),
            block.integer("max-waiting"),
            block.integer("max-requests-per-connection"),
            retry(block.block("retry"))));
  }

  private void checkClientCertificate(String name, Block tls) {
    tls.maybeText("client-certificate")
        .ifPresent(
            certificate ->
                reading.checkReference(
                    "unknown-certificate",
                    tls.node("client-certificate"),
                    certificate,
                    "upstream \"" + name + "\" is to see the certificate",
                    root.blocks("certificates")));
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

  private static Optional<Server> server(Node node) {
    if (node instanceof Block block) {
      return block
          .maybe("address", Server.class)
          .map(server -> new Server(server.host(), server.port(), block.integer("weight")));
    }
    return ((Node.Leaf) node).value().map(Server.class::cast);
  }

  private static Retry retry(Block block) {
    return new Retry(
        block.integer("attempts"),
        block.list("on", String.class).stream()
            .map(on -> Retry.Condition.valueOf(on.replace('-', '_').toUpperCase(Locale.ROOT)))
            .toList(),
        (int) block.percent("budget"));
  }
}

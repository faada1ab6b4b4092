package io.lockgate.config.hocon;

import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.CidrBlock;
import io.lockgate.config.model.ListenerConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads {@code listeners}. */
final class ListenerReader {
  /** Stands in for an address that had to be refused; never reaches a model that is used. */
  static final BindAddress NOWHERE = new BindAddress("127.0.0.1", 0);

  private final Reading reading;
  private final Block root;
  private final Map<InetSocketAddress, String> taken = new HashMap<>();

  ListenerReader(Reading reading, Block root, BindAddress admin) {
    this.reading = reading;
    this.root = root;
    if (admin.port() != 0) {
      taken.put(admin.toSocketAddress(), "the admin endpoint" + where(root.block("admin")));
    }
  }

  List<ListenerConfig> read() {
    List<ListenerConfig> listeners = new ArrayList<>();
    root.blocks("listeners").forEach((name, block) -> listeners.add(listener(name, block)));
    if (listeners.isEmpty() && reading.isWhole()) {
      reading.error(
          "no-listeners",
          "listeners",
          root.has("listeners") ? root.originOf("listeners") : reading.start(),
          "there is no listener, so nobody could connect",
          "listeners { https { address = \"0.0.0.0:8443\" } }");
    }
    return listeners;
  }

  private ListenerConfig listener(String name, Block block) {
    BindAddress address = block.maybe("address", BindAddress.class).orElse(NOWHERE);
    claim(name, block, address);
    boolean tls = block.on("tls");
    boolean redirect = block.on("redirect-to-https");
    if (tls && redirect) {
      reading.error(
          "redirect-on-tls",
          block.pathOf("redirect-to-https"),
          block.originOf("redirect-to-https"),
          "listener \"" + name + "\" redirects to https, but its clients speak TLS already",
          "add tls = off, or take redirect-to-https out");
    }
    if (!redirect && block.has("redirect-port")) {
      reading.error(
          "conflicting-keys",
          block.pathOf("redirect-port"),
          block.originOf("redirect-port"),
          "listener \"" + name + "\" has a port to redirect to, but does not redirect",
          "add redirect-to-https = on");
    }
    Block proxyProtocol = block.block("proxy-protocol");
    checkTrust(name, proxyProtocol);
    return new ListenerConfig(
        name,
        address,
        tls,
        protocols(name, block, tls),
        redirect,
        block
            .maybe("redirect-port", Integer.class)
            .map(OptionalInt::of)
            .orElseGet(OptionalInt::empty),
        block.integer("max-connections"),
        new ListenerConfig.ProxyProtocolConfig(
            proxyProtocol.on("accept"), proxyProtocol.list("trusted", CidrBlock.class)));
  }

  private void checkTrust(String name, Block proxyProtocol) {
    if (proxyProtocol.on("accept") && proxyProtocol.items("trusted").isEmpty()) {
      reading.error(
          "proxy-protocol-without-trust",
          proxyProtocol.pathOf("accept"),
          proxyProtocol.originOf("accept"),
          "listener \"" + name + "\" takes PROXY protocol headers from nobody",
          "name the load balancers in front: trusted = [\"10.0.0.0/8\"]");
    }
  }

  private void claim(String name, Block block, BindAddress address) {
    if (address.port() == 0) {
      return; // The system chooses, and never the same twice.
    }
    String other =
        taken.putIfAbsent(address.toSocketAddress(), "listener \"" + name + "\"" + where(block));
    if (other != null) {
      reading.error(
          "duplicate-address",
          block.pathOf("address"),
          block.originOf("address"),
          "listener \"" + name + "\" wants " + address + ", which " + other + " has",
          "each listener needs an address or a port of its own");
    }
  }

  private static String where(Block block) {
    return Reading.where(block.originOf("address"));
  }

  private List<String> protocols(String name, Block block, boolean tls) {
    if (!block.hasUsable("protocols")) {
      List<String> standard = tls ? block.list("protocols", String.class) : List.of("http/1.1");
      if (!tls) {
        reading.derive(block.pathOf("protocols"), "[\"http/1.1\"]");
      }
      return standard;
    }
    List<String> protocols = block.list("protocols", String.class);
    if (block.items("protocols").isEmpty()) {
      complain("no-protocols", block, "listener \"" + name + "\" speaks no protocol", "");
    } else if (new HashSet<>(protocols).size() < protocols.size()) {
      complain(
          "duplicate-value", block, "a protocol of listener \"" + name + "\" stands twice", "");
    } else if (!tls && protocols.contains("h2")) {
      complain(
          "h2-without-tls",
          block,
          "listener \"" + name + "\" has tls = off, and HTTP/2 is agreed on in the TLS handshake",
          "a plain listener speaks [\"http/1.1\"]");
    }
    return protocols;
  }

  private void complain(String code, Block block, String message, String hint) {
    reading.error(code, block.pathOf("protocols"), block.originOf("protocols"), message, hint);
  }
}

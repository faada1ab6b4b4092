package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address of an upstream, shared by all loops: where it is, how it stands, and how many
 * requests it has in hand.
 */
final class UpstreamServer {
  private final UpstreamConfig.Server config;
  private final String label;
  private final String address;
  private final SocketAddress socketAddress;
  private final ServerStanding standing;

  /** Kept only where the choice of a server looks at it; touched twice a request. */
  private final AtomicInteger load = new AtomicInteger();

  UpstreamServer(
      UpstreamConfig.Server config,
      String address,
      SocketAddress socketAddress,
      ServerStanding standing) {
    this.config = config;
    this.label = config.address();
    this.address = address;
    this.socketAddress = socketAddress;
    this.standing = standing;
  }

  /** As text. */
  static String text(InetAddress address, int port) {
    return new UpstreamConfig.Server(address.getHostAddress(), port, 1).address();
  }

  /** Whether it is configured just so. */
  boolean is(UpstreamConfig.Server other) {
    return config.equals(other);
  }

  /** Whether both are addresses of one configured name. */
  boolean sharesNameWith(UpstreamServer other) {
    return this != other && config.equals(other.config);
  }

  /** As configured: a name, or an IP literal without brackets. */
  String host() {
    return config.host();
  }

  int port() {
    return config.port();
  }

  /** As configured; also the metric label. Always the same object. */
  String label() {
    return label;
  }

  int weight() {
    return config.weight();
  }

  int priority() {
    return config.priority();
  }

  /** The very address; several may have the same label, where that is a name. */
  String address() {
    return address;
  }

  /** An {@link InetSocketAddress}, or a Unix socket's address. */
  SocketAddress socketAddress() {
    return socketAddress;
  }

  ServerStanding standing() {
    return standing;
  }

  AtomicInteger load() {
    return load;
  }
}

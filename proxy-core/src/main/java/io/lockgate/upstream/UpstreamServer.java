package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** One address of an upstream. Immutable; shared by all loops. */
final class UpstreamServer {
  private final String host;
  private final String label;
  private final int weight;
  private final InetSocketAddress address;

  private UpstreamServer(String host, String label, int weight, InetSocketAddress address) {
    this.host = host;
    this.label = label;
    this.weight = weight;
    this.address = address;
  }

  static UpstreamServer of(UpstreamConfig.Server server) {
    // A literal is resolved here once without asking anybody; a name is left to the loop's
    // resolver.
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(server.host());
    InetSocketAddress address =
        literal == null
            ? InetSocketAddress.createUnresolved(server.host(), server.port())
            : new InetSocketAddress(addressOf(literal), server.port());
    return new UpstreamServer(server.host(), server.address(), server.weight(), address);
  }

  private static InetAddress addressOf(byte[] literal) {
    try {
      return InetAddress.getByAddress(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 octets are an address", e);
    }
  }

  /** As configured: a name, or an IP literal without brackets. */
  String host() {
    return host;
  }

  int port() {
    return address.getPort();
  }

  String label() {
    return label;
  }

  int weight() {
    return weight;
  }

  /** As text; several addresses may have the same label. */
  String address() {
    return label;
  }

  InetSocketAddress socketAddress() {
    return address;
  }

  boolean named() {
    return address.isUnresolved();
  }
}

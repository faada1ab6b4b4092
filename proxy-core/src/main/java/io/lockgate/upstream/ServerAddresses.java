package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Transport;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** From what an operator wrote to an address that can be connected to. Asks nobody. */
final class ServerAddresses {
  private ServerAddresses() {}

  /** Whether the server is configured by a name, whose addresses somebody has to be asked for. */
  static boolean named(UpstreamConfig.Server server) {
    return server.unixPath().isEmpty() && literal(server).isEmpty();
  }

  /** Empty for a name. */
  static Optional<SocketAddress> of(UpstreamConfig.Server server, Transport transport) {
    if (server.unixPath().isPresent()) {
      return server.unixPath().map(transport::unixSocketAddress);
    }
    return literal(server).map(address -> new InetSocketAddress(address, server.port()));
  }

  private static Optional<InetAddress> literal(UpstreamConfig.Server server) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(server.host());
    try {
      return octets == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 octets are an address", e);
    }
  }
}

package io.lockgate.upstream;

import io.lockgate.loop.Transport;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.net.InetSocketAddress;

/**
 * Finds addresses of servers that are configured by name, off the hosts file and DNS, without ever
 * blocking a loop. Made only when the first such server is configured. Owned by the composition
 * root; used while pools are built, by one thread at a time.
 */
public final class ServerResolvers implements AutoCloseable {
  private final Transport transport;
  private AddressResolverGroup<InetSocketAddress> group;

  public ServerResolvers(Transport transport) {
    this.transport = transport;
  }

  AddressResolverGroup<InetSocketAddress> group() {
    if (group == null) {
      group =
          new DnsAddressResolverGroup(
              new DnsNameResolverBuilder()
                  .datagramChannelFactory(transport.datagramChannels())
                  .ttl(1, 300)
                  .negativeTtl(2));
    }
    return group;
  }

  @Override
  public void close() {
    if (group != null) {
      group.close();
    }
  }
}

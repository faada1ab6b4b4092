package io.lockgate.config.model;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A literal IP address and port; never a name, so that no resolver stands between a reload and its
 * result.
 *
 * @param ip an IPv4 or IPv6 literal without brackets
 * @param port 0 to 65535; 0 lets the system choose
 */
public record BindAddress(String ip, int port) {
  public BindAddress {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
  }

  public InetSocketAddress toSocketAddress() {
    try {
      return new InetSocketAddress(InetAddress.getByName(ip), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("not an IP literal: " + ip, e);
    }
  }

  /** Written out as every start comes here: what Java makes of a record is made at run time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof BindAddress address && port == address.port && ip.equals(address.ip);
  }

  @Override
  public int hashCode() {
    return ip.hashCode() * 31 + port;
  }

  @Override
  public String toString() {
    return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
  }
}

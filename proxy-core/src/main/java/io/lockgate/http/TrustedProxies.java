package io.lockgate.http;

import io.lockgate.config.model.CidrBlock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The blocks of addresses whose word about others is taken. Immutable. */
final class TrustedProxies {
  private final byte[][] networks;
  private final int[] prefixBits;

  TrustedProxies(List<CidrBlock> blocks) {
    networks = new byte[blocks.size()][];
    prefixBits = new int[blocks.size()];
    for (int i = 0; i < networks.length; i++) {
      byte[] network = octets(blocks.get(i).network());
      networks[i] = mapped(network);
      prefixBits[i] = blocks.get(i).prefixLength() + (network.length == 4 ? 96 : 0);
    }
  }

  boolean contain(InetAddress address) {
    return containMapped(mapped(address.getAddress()));
  }

  /**
   * @param address 16 octets, IPv4 in its mapped form
   */
  boolean containMapped(byte[] address) {
    for (int i = 0; i < networks.length; i++) {
      if (samePrefix(networks[i], address, prefixBits[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean samePrefix(byte[] network, byte[] address, int bits) {
    int whole = bits >> 3;
    for (int i = 0; i < whole; i++) {
      if (network[i] != address[i]) {
        return false;
      }
    }
    int rest = bits & 7;
    return rest == 0 || ((network[whole] ^ address[whole]) & 0xff00 >> rest & 0xff) == 0;
  }

  private static byte[] mapped(byte[] address) {
    if (address.length == 16) {
      return address;
    }
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    System.arraycopy(address, 0, mapped, 12, 4);
    return mapped;
  }

  /** A literal, so no name is asked for. */
  private static byte[] octets(String literal) {
    try {
      return InetAddress.getByName(literal).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + literal, e);
    }
  }
}

package io.lockgate.limit;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, all of which one
 * subscriber has (RFC 6177).
 *
 * @param high the first half of the address, an IPv4 address in its mapped form
 * @param low the second half of an IPv4 address in its mapped form; 0 of an IPv6 address
 */
public record ClientNetwork(long high, long low) {
  private static final long MAPPED = 0xffff_0000_0000L;

  /** A mapped IPv4 address counts as IPv4. */
  public static ClientNetwork of(InetAddress address) {
    byte[] octets = address.getAddress();
    return octets.length == 4
        ? new ClientNetwork(0, MAPPED | (ByteBuffer.wrap(octets).getInt() & 0xffff_ffffL))
        : ofMapped(octets);
  }

  /**
   * @param octets 16 of them
   */
  public static ClientNetwork ofMapped(byte[] octets) {
    return new ClientNetwork(high(octets), low(octets));
  }

  /** The first half, without an object. */
  public static long high(byte[] octets) {
    return half(octets, 0);
  }

  /** What counts of the second half. */
  public static long low(byte[] octets) {
    long low = half(octets, 8);
    return half(octets, 0) == 0 && low >>> 32 == MAPPED >>> 32 ? low : 0;
  }

  /** Written out: what Java makes of a record is made at run time, by the first client to come. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ClientNetwork network && high == network.high && low == network.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high) * 31 + Long.hashCode(low);
  }

  private static long half(byte[] octets, int from) {
    long half = 0;
    for (int i = from; i < from + 8; i++) {
      half = half << 8 | (octets[i] & 0xff);
    }
    return half;
  }
}

package io.lockgate.config.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A block of IP addresses. An IPv4 address inside an IPv6-mapped one matches the IPv4 block.
 *
 * @param network literal address of 4 or 16 bytes, host bits zero
 */
public record CidrBlock(String network, int prefixLength) {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  /**
   * Strict, because the JDK would ask the resolver about anything it does not take for a literal.
   */
  private static final Pattern LITERAL =
      Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  /**
   * Parses {@code 10.0.0.0/8}, {@code ::1/128} or a bare address.
   *
   * @throws IllegalArgumentException if the text is not an address block or has host bits set
   */
  public static CidrBlock parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (!LITERAL.matcher(address).matches()) {
      throw new IllegalArgumentException("not an IP address block: " + text);
    }
    byte[] bytes = bytesOf(address);
    int bits = bytes.length * 8;
    int length;
    try {
      length = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not an IP address block: " + text, e);
    }
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException("prefix length out of range: " + text);
    }
    for (int bit = length; bit < bits; bit++) {
      if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        throw new IllegalArgumentException("address bits beyond the prefix are set: " + text);
      }
    }
    return new CidrBlock(address, length);
  }

  /** Whether {@code address} lies in this block. Pure; safe on any thread. */
  public boolean contains(InetAddress address) {
    byte[] mine = bytesOf(network);
    byte[] theirs = address.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    int whole = prefixLength / 8;
    for (int i = 0; i < whole; i++) {
      if (mine[i] != theirs[i]) {
        return false;
      }
    }
    int rest = prefixLength % 8;
    return rest == 0 || ((mine[whole] ^ theirs[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
  }

  private static byte[] bytesOf(String literal) {
    try {
      return InetAddress.getByName(literal).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + literal, e);
    }
  }

  @Override
  public String toString() {
    return network + "/" + prefixLength;
  }
}

package io.lockgate.proxyprotocol;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Writes headers as {@link HeaderReader} reads them (proxy-protocol.txt, sections 2.1 and 2.2).
 * Pure.
 */
public final class HeaderWriter {
  private static final int IPV4 = 0x11;
  private static final int IPV6 = 0x21;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  /** What stands behind the first 16 octets says its length in two. */
  static final int MOST_CONTENT = 0xffff;

  private HeaderWriter() {}

  /** What stands at the head of a connection that is the proxy's own, as a health check's. */
  public static byte[] local(int version) {
    return version == 1
        ? "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII)
        : binary(LOCAL, 0, new byte[0]);
  }

  /** The line of version 1, which has no place for the header's values. */
  public static byte[] text(ProxyHeader header) {
    if (header.endpoints().isEmpty()) {
      return local(1);
    }
    InetSocketAddress source = header.endpoints().get().source();
    InetSocketAddress destination = header.endpoints().get().destination();
    boolean v4 = bothV4(source, destination);
    String line =
        "PROXY "
            + (v4 ? "TCP4 " : "TCP6 ")
            + address(source, v4)
            + ' '
            + address(destination, v4)
            + ' '
            + source.getPort()
            + ' '
            + destination.getPort()
            + "\r\n";
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  /** Version 2, with as many of the header's values, in their order, as its length can say. */
  public static byte[] binary(ProxyHeader header) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int family = 0;
    if (header.endpoints().isPresent()) {
      InetSocketAddress source = header.endpoints().get().source();
      InetSocketAddress destination = header.endpoints().get().destination();
      boolean v4 = bothV4(source, destination);
      family = v4 ? IPV4 : IPV6;
      content.writeBytes(octets(source.getAddress(), v4));
      content.writeBytes(octets(destination.getAddress(), v4));
      put16(content, source.getPort());
      put16(content, destination.getPort());
    }
    for (TypedValue value : header.values()) {
      if (content.size() + TypedValues.HEADER + value.length() <= MOST_CONTENT) {
        put(content, value);
      }
    }
    return binary(PROXY, family, content.toByteArray());
  }

  static void put(ByteArrayOutputStream out, TypedValue value) {
    out.write(value.type());
    put16(out, value.length());
    out.writeBytes(value.bytes());
  }

  private static byte[] binary(int command, int family, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 + content.length);
    out.writeBytes(HeaderReader.SIGNATURE_2);
    out.write(command);
    out.write(family);
    put16(out, content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static void put16(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private static boolean bothV4(InetSocketAddress one, InetSocketAddress other) {
    return one.getAddress() instanceof Inet4Address && other.getAddress() instanceof Inet4Address;
  }

  /** Of a pair that is not of one family the address of version 4 is mapped (RFC 4291 2.5.5.2). */
  private static byte[] octets(InetAddress address, boolean v4) {
    byte[] octets = address.getAddress();
    if (v4 || octets.length == 16) {
      return octets;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(octets, 0, mapped, 12, 4);
    return mapped;
  }

  private static String address(InetSocketAddress address, boolean v4) {
    if (v4) {
      return address.getAddress().getHostAddress();
    }
    StringBuilder text = new StringBuilder();
    byte[] octets = octets(address.getAddress(), false);
    for (int i = 0; i < octets.length; i += 2) {
      text.append(i == 0 ? "" : ":")
          .append(Integer.toHexString((octets[i] & 0xff) << 8 | (octets[i + 1] & 0xff)));
    }
    return text.toString();
  }
}

package io.lockgate.proxyprotocol;

import io.lockgate.http.IpLiteral;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Version 1: one line of text of at most 107 octets (section 2.1). Read as strictly as it is to be
 * written: single spaces, addresses of the family that is named, decimal numbers without leading
 * zeros. Pure.
 */
final class TextHeader {
  private static final int MOST_OCTETS = 107;
  private static final int PARTS = 6;

  private TextHeader() {}

  /** Of bytes that begin with the signature. */
  static HeaderReading read(ByteBuf in) {
    int start = in.readerIndex();
    int seen = Math.min(MOST_OCTETS, in.readableBytes());
    int end = in.indexOf(start, start + seen, (byte) '\r');
    if (end < 0 || end == start + seen - 1) {
      boolean over = seen == MOST_OCTETS;
      return over
          ? HeaderReader.malformed("The line is longer than 107 octets.")
          : HeaderReading.NeedMore.INSTANCE;
    }
    if (in.getByte(end + 1) != '\n') {
      return HeaderReader.malformed("The line does not end in CR LF.");
    }
    byte[] line = ByteBufUtil.getBytes(in, start, end - start);
    for (byte octet : line) {
      if (octet < ' ' || octet > '~') {
        return HeaderReader.malformed("The line holds octets that are no text.");
      }
    }
    return parse(new String(line, StandardCharsets.US_ASCII), end + 2 - start);
  }

  private static HeaderReading parse(String line, int length) {
    String[] parts = line.split(" ", -1);
    if (parts[1].equals("UNKNOWN")) {
      // What follows is to be ignored.
      return new HeaderReading.Complete(
          new ProxyHeader(1, false, Optional.empty(), List.of()), length);
    }
    boolean v4 = parts[1].equals("TCP4");
    if (!v4 && !parts[1].equals("TCP6")) {
      return HeaderReader.malformed("The family is none of TCP4, TCP6, UNKNOWN.");
    }
    if (parts.length != PARTS) {
      return HeaderReader.malformed("The line does not have two addresses and two ports.");
    }
    Optional<InetSocketAddress> source = endpoint(parts[2], parts[4], v4);
    Optional<InetSocketAddress> destination = endpoint(parts[3], parts[5], v4);
    if (source.isEmpty() || destination.isEmpty()) {
      return HeaderReader.malformed("An address or a port is not written as it has to be.");
    }
    return new HeaderReading.Complete(
        new ProxyHeader(
            1,
            false,
            Optional.of(new ProxyHeader.Endpoints(source.get(), destination.get())),
            List.of()),
        length);
  }

  private static Optional<InetSocketAddress> endpoint(String address, String port, boolean v4) {
    byte[] text = address.getBytes(StandardCharsets.US_ASCII);
    byte[] octets = new byte[v4 ? 4 : 16];
    boolean good =
        v4
            ? IpLiteral.readV4(text, 0, text.length, octets, 0)
            : IpLiteral.readV6(text, 0, text.length, octets);
    boolean canonical = port.equals("0") || port.matches("[1-9][0-9]{0,4}");
    if (!good || !canonical || Integer.parseInt(port) > 0xffff) {
      return Optional.empty();
    }
    return Optional.of(endpoint(octets, Integer.parseInt(port)));
  }

  static InetSocketAddress endpoint(byte[] octets, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(octets), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 octets", e);
    }
  }
}

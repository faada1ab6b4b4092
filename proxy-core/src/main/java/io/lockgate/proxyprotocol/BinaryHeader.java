package io.lockgate.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/** Version 2: a signature of 12 octets, four of type and length, addresses, values (2.2). Pure. */
final class BinaryHeader {
  /** Addresses and values; the specification allows 64 KiB, which nobody needs before a client. */
  static final int MOST_CONTENT = 16 * 1024;

  private static final int FIXED = 16;
  private static final int COMMAND_LOCAL = 0x20;
  private static final int COMMAND_PROXY = 0x21;
  private static final int UNIX_ADDRESSES = 216;
  private static final int MOST_UNIQUE_ID = 128;

  private BinaryHeader() {}

  /** Of bytes that begin with the signature. */
  static HeaderReading read(ByteBuf in) {
    int start = in.readerIndex();
    int available = in.readableBytes();
    if (available > 12) {
      int command = in.getUnsignedByte(start + 12);
      if (command != COMMAND_LOCAL && command != COMMAND_PROXY) {
        return HeaderReader.malformed("The version or the command is unknown.");
      }
    }
    if (available < FIXED) {
      return HeaderReading.NeedMore.INSTANCE;
    }
    int length = in.getUnsignedShort(start + 14);
    if (length > MOST_CONTENT) {
      return HeaderReader.malformed("The header is longer than 16 KiB.");
    }
    if (available < FIXED + length) {
      return HeaderReading.NeedMore.INSTANCE;
    }
    byte[] header = ByteBufUtil.getBytes(in, start, FIXED + length);
    if (header[12] == COMMAND_LOCAL) {
      // The sender speaks for itself; what it says besides is to be ignored.
      return new HeaderReading.Complete(
          new ProxyHeader(2, true, Optional.empty(), List.of()), header.length);
    }
    return parse(header);
  }

  private static HeaderReading parse(byte[] header) {
    int addresses = addressOctets(header[13]);
    if (addresses < 0) {
      return HeaderReader.malformed("The connection is of no kind that TCP or a socket file has.");
    }
    if (header.length - FIXED < addresses) {
      return HeaderReader.malformed("The header is too short for its addresses.");
    }
    List<TypedValue> all = new ArrayList<>();
    if (!TypedValues.read(header, FIXED + addresses, all)) {
      return HeaderReader.malformed("The values do not fill the header.");
    }
    Optional<String> fault = faultOf(all, header);
    if (fault.isPresent()) {
      return HeaderReader.malformed(fault.get());
    }
    all.removeIf(v -> v.type() == TypedValue.NOOP || v.type() == TypedValue.CRC32C);
    return new HeaderReading.Complete(
        new ProxyHeader(2, false, endpoints(header, addresses), all), header.length);
  }

  /** By address family and transport; negative where the pair is none that can be here. */
  private static int addressOctets(byte familyAndTransport) {
    return switch (familyAndTransport & 0xff) {
      case 0x00 -> 0;
      case 0x11 -> 12;
      case 0x21 -> 36;
      case 0x31 -> UNIX_ADDRESSES;
      default -> -1;
    };
  }

  private static Optional<ProxyHeader.Endpoints> endpoints(byte[] header, int addresses) {
    if (addresses == 0 || addresses == UNIX_ADDRESSES) {
      return Optional.empty();
    }
    int octets = (addresses - 4) / 2;
    int second = FIXED + octets;
    int ports = second + octets;
    return Optional.of(
        new ProxyHeader.Endpoints(
            TextHeader.endpoint(Arrays.copyOfRange(header, FIXED, second), port(header, ports)),
            TextHeader.endpoint(
                Arrays.copyOfRange(header, second, ports), port(header, ports + 2))));
  }

  private static int port(byte[] header, int at) {
    return (header[at] & 0xff) << 8 | (header[at + 1] & 0xff);
  }

  private static Optional<String> faultOf(List<TypedValue> values, byte[] header) {
    Set<Integer> seen = new HashSet<>();
    for (TypedValue value : values) {
      boolean once = value.type() < 0xe0 && value.type() != TypedValue.NOOP;
      if (once && !seen.add(value.type())) {
        return Optional.of("A value stands twice.");
      }
      String fault =
          switch (value.type()) {
            case TypedValue.CRC32C -> checksumFault(value, header);
            case TypedValue.UNIQUE_ID ->
                value.length() > MOST_UNIQUE_ID ? "The unique id is longer than 128 octets." : "";
            case TypedValue.SSL -> tlsFault(value);
            default -> "";
          };
      if (!fault.isEmpty()) {
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  private static String tlsFault(TypedValue value) {
    boolean good =
        value.length() >= SenderTls.HEADER
            && TypedValues.read(value.bytes(), SenderTls.HEADER, new ArrayList<>());
    return good ? "" : "What is said of TLS is not well-formed.";
  }

  /** The checksum is taken over the whole header with its own octets as zero (section 2.2.3). */
  private static String checksumFault(TypedValue value, byte[] header) {
    if (value.length() != 4) {
      return "The checksum has not four octets.";
    }
    int at = checksumAt(header);
    byte[] zeroed = header.clone();
    Arrays.fill(zeroed, at, at + 4, (byte) 0);
    CRC32C checksum = new CRC32C();
    checksum.update(zeroed, 0, zeroed.length);
    long sent = 0;
    for (int i = 0; i < 4; i++) {
      sent = sent << 8 | value.octet(i);
    }
    return sent == checksum.getValue() ? "" : "The checksum is wrong.";
  }

  private static int checksumAt(byte[] header) {
    int at = FIXED + addressOctets(header[13]);
    while (header[at] != TypedValue.CRC32C) {
      at += 3 + port(header, at + 1);
    }
    return at + 3;
  }
}

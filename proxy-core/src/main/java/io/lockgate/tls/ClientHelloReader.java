package io.lockgate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Reads one ClientHello out of the TLS records at the start of a connection, however they are cut
 * into segments and records. One per connection; remembers how far it has read, so that no byte is
 * looked at twice, and allocates nothing before the whole message is there.
 */
public final class ClientHelloReader {
  /** The longest ClientHello read, which is also the longest that BoringSSL takes. */
  public static final int MAX_MESSAGE = 16 * 1024;

  /** Message and record headers: enough for every client but those that send crumbs on purpose. */
  static final int MAX_CUMULATED = 2 * MAX_MESSAGE;

  private static final int RECORD_HEADER = 5;
  private static final int MESSAGE_HEADER = 4;
  private static final int MAX_FRAGMENT = 1 << 14;
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;

  private int nextRecord;
  private int records;
  private int gathered;
  private int header;

  /**
   * @param cumulation everything received so far; neither consumed nor kept
   */
  public HelloReading read(ByteBuf cumulation) {
    int base = cumulation.readerIndex();
    int available = cumulation.readableBytes();
    while (available > nextRecord && nextRecord <= MAX_CUMULATED) {
      HelloReading refusal = checkHeader(cumulation, base + nextRecord, available - nextRecord);
      if (refusal != HelloReading.NeedMore.INSTANCE) {
        return refusal;
      }
      if (available - nextRecord < RECORD_HEADER) {
        break;
      }
      int fragment = cumulation.getUnsignedShort(base + nextRecord + 3);
      if (available - nextRecord - RECORD_HEADER < fragment) {
        break;
      }
      int from = base + nextRecord + RECORD_HEADER;
      for (int i = 0; gathered + i < MESSAGE_HEADER && i < fragment; i++) {
        header = header << 8 | cumulation.getUnsignedByte(from + i);
      }
      nextRecord += RECORD_HEADER + fragment;
      gathered += fragment;
      records++;
      if (gathered >= MESSAGE_HEADER) {
        int length = header & 0xffffff;
        if (header >>> 24 != CLIENT_HELLO || length > MAX_MESSAGE) {
          return malformed(
              header >>> 24 != CLIENT_HELLO
                  ? "The first handshake message is no ClientHello."
                  : "The ClientHello is longer than 16 KiB.");
        }
        if (gathered >= MESSAGE_HEADER + length) {
          return parse(cumulation, base, MESSAGE_HEADER + length);
        }
      }
    }
    return available > MAX_CUMULATED
        ? malformed("The ClientHello comes in too many records.")
        : HelloReading.NeedMore.INSTANCE;
  }

  /** Judges as much of a record's header as is there. */
  private HelloReading checkHeader(ByteBuf in, int at, int available) {
    boolean first = records == 0;
    int type = in.getUnsignedByte(at);
    if (type != HANDSHAKE) {
      return first
          ? notHandshake(in, at, available, type)
          : malformed("A record of another kind interrupts the ClientHello.");
    }
    if (available >= 2 && in.getUnsignedByte(at + 1) != 3) {
      return first
          ? new HelloReading.Failed(HandshakeFailure.NOT_TLS, "The client does not speak TLS.")
          : malformed("The records are of no version of TLS.");
    }
    if (available >= RECORD_HEADER) {
      int fragment = in.getUnsignedShort(at + 3);
      if (fragment == 0 || fragment > MAX_FRAGMENT) {
        return malformed("A record has an impossible length (RFC 8446 section 5.1).");
      }
    }
    return HelloReading.NeedMore.INSTANCE;
  }

  private static HelloReading notHandshake(ByteBuf in, int at, int available, int type) {
    if ((type & 0x80) == 0) {
      return new HelloReading.Failed(HandshakeFailure.NOT_TLS, "The client does not speak TLS.");
    }
    if (available < RECORD_HEADER) {
      return HelloReading.NeedMore.INSTANCE;
    }
    // The compatible hello of SSL 2.0: two bytes of length, then type 1 and a version.
    boolean ssl2 =
        in.getUnsignedByte(at + 2) == CLIENT_HELLO
            && (in.getUnsignedByte(at + 3) == 3 || in.getUnsignedShort(at + 3) == 2);
    return ssl2
        ? new HelloReading.Failed(
            HandshakeFailure.PROTOCOL_VERSION, "The client greets in the manner of SSL 2.0.")
        : new HelloReading.Failed(HandshakeFailure.NOT_TLS, "The client does not speak TLS.");
  }

  private HelloReading parse(ByteBuf in, int base, int length) {
    if (records == 1) {
      return HelloParser.parse(in, base + RECORD_HEADER, length);
    }
    return HelloParser.parse(Unpooled.wrappedBuffer(join(in, base, length)), 0, length);
  }

  /** The message without the record headers between; all of it has been received. */
  private static byte[] join(ByteBuf in, int base, int length) {
    byte[] message = new byte[length];
    int record = base;
    for (int filled = 0; filled < length; ) {
      int fragment = in.getUnsignedShort(record + 3);
      int taken = Math.min(fragment, length - filled);
      in.getBytes(record + RECORD_HEADER, message, filled, taken);
      filled += taken;
      record += RECORD_HEADER + fragment;
    }
    return message;
  }

  private static HelloReading malformed(String detail) {
    return new HelloReading.Failed(HandshakeFailure.MALFORMED, detail);
  }
}

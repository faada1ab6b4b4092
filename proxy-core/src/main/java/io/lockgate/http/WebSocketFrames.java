package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/**
 * Where the frames of one side of a WebSocket begin and end (RFC 6455 section 5.2), told from the
 * octets as they pass. Reads the heads of frames and nothing else, and keeps none of it: whatever
 * is to be said between two frames has to know of a border. On one event loop.
 */
public final class WebSocketFrames {
  private static final int OPCODE = 0x0f;
  private static final int CLOSE = 8;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int TWO_MORE = 126;
  private static final int EIGHT_MORE = 127;
  private static final int MASK_OCTETS = 4;

  /** Of the payload of the frame that has begun, as far as its head has told. */
  private long length;

  /** Octets of that payload that are yet to pass. */
  private long left;

  private int headRead;
  private int headOctets;
  private int lengthOctets;
  private boolean closing;

  /** Follows all of {@code data}, whose indices stay as they are. */
  public void follow(ByteBuf data) {
    int at = data.readerIndex();
    while (at < data.writerIndex()) {
      at = followFrame(data, at);
    }
  }

  /**
   * Follows {@code data} up to the next border, or all of it where there is none: {@link #atBorder}
   * says which. Indices stay as they are.
   *
   * @return how many octets that was
   */
  public int followToBorder(ByteBuf data) {
    return data.isReadable() ? followFrame(data, data.readerIndex()) - data.readerIndex() : 0;
  }

  /** Whether the next octet is the first of a frame. */
  public boolean atBorder() {
    return headRead == 0 && left == 0;
  }

  /** Whether a Close frame has begun: no frame follows it (RFC 6455 section 5.5.1). */
  public boolean closing() {
    return closing;
  }

  private int followFrame(ByteBuf data, int from) {
    int end = data.writerIndex();
    int at = from;
    while (left == 0 && at < end) {
      if (headEnds(data.getByte(at++)) && left == 0) {
        return at;
      }
    }
    int passed = (int) Math.min(left, end - at);
    left -= passed;
    return at + passed;
  }

  /** Reads one octet of a head; true for its last. */
  private boolean headEnds(int octet) {
    if (headRead == 0) {
      closing |= (octet & OPCODE) == CLOSE;
      headOctets = 2;
    } else if (headRead == 1) {
      readLengthAndMask(octet);
    } else if (headRead < 2 + lengthOctets) {
      length = length << Byte.SIZE | (octet & 0xff);
    }
    headRead++;
    if (headRead < headOctets) {
      return false;
    }
    headRead = 0;
    // The highest bit is never set by who keeps to the rules; whoever sets it gets no border.
    left = length & Long.MAX_VALUE;
    return true;
  }

  private void readLengthAndMask(int octet) {
    int said = octet & LENGTH;
    lengthOctets = said == EIGHT_MORE ? Long.BYTES : said == TWO_MORE ? Short.BYTES : 0;
    length = lengthOctets == 0 ? said : 0;
    headOctets = 2 + lengthOctets + ((octet & MASKED) == 0 ? 0 : MASK_OCTETS);
  }
}

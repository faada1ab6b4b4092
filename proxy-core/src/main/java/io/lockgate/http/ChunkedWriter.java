package io.lockgate.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes the chunked transfer coding (RFC 9112 section 7.1) around data written by others. Makes no
 * objects.
 */
public final class ChunkedWriter {
  /** Bound of what {@link #size} writes. */
  public static final int MAX_SIZE_LINE = 10;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int CRLF = '\r' << 8 | '\n';

  private ChunkedWriter() {}

  /** Begins a chunk of {@code length} octets, more than 0. */
  public static void size(ByteBuf out, int length) {
    if (length <= 0) {
      throw new IllegalArgumentException("a chunk of length " + length + " would end the content");
    }
    out.ensureWritable(MAX_SIZE_LINE);
    for (int shift = (31 - Integer.numberOfLeadingZeros(length)) & ~3; shift >= 0; shift -= 4) {
      out.writeByte(HEX[length >>> shift & 15]);
    }
    out.writeShort(CRLF);
  }

  /** Ends a chunk. */
  public static void endChunk(ByteBuf out) {
    out.writeShort(CRLF);
  }

  /** Ends the content without trailers. */
  public static void end(ByteBuf out) {
    out.writeByte('0').writeShort(CRLF).writeShort(CRLF);
  }

  /** Ends the content with the live fields as trailers. */
  public static void end(ByteBuf out, FieldSection trailers) {
    out.writeByte('0').writeShort(CRLF);
    trailers.writeTo(out, FieldSet.MADE_BY_WRITER);
    out.writeShort(CRLF);
  }
}

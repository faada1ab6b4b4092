package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/** Writes the chunked transfer coding (RFC 9112 section 7.1) around data written by others. */
public final class ChunkedWriter {
  /** Bound of what {@link #size} writes. */
  public static final int MAX_SIZE_LINE = 10;

  private ChunkedWriter() {}

  /** Begins a chunk of {@code length} octets, more than 0. */
  public static void size(ByteBuf out, int length) {
    throw new UnsupportedOperationException();
  }

  /** Ends a chunk. */
  public static void endChunk(ByteBuf out) {
    throw new UnsupportedOperationException();
  }

  /** Ends the content without trailers. */
  public static void end(ByteBuf out) {
    throw new UnsupportedOperationException();
  }

  /** Ends the content with the live fields as trailers. */
  public static void end(ByteBuf out, FieldSection trailers) {
    throw new UnsupportedOperationException();
  }
}

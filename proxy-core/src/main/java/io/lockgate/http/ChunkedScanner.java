package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/** Takes the chunked transfer coding apart without copying data. */
public final class ChunkedScanner {
  /** What a call found. */
  public enum Step {
    /** Octets not read must be presented again, with more behind them. */
    NEED_MORE,
    /** The caller takes exactly {@link #available()} octets at the reader index. */
    DATA,
    /** The content has ended; {@link #trailers()} holds the trailer fields. */
    COMPLETE,
    /** {@link #rule()} says why. */
    REFUSED
  }

  public ChunkedScanner(HeadLimits limits) {}

  public Step next(ByteBuf in) {
    throw new UnsupportedOperationException();
  }

  public int available() {
    throw new UnsupportedOperationException();
  }

  public FieldSection trailers() {
    throw new UnsupportedOperationException();
  }

  public FramingRule rule() {
    throw new UnsupportedOperationException();
  }

  /** Makes the scanner ready for another message. */
  public void reset() {}
}

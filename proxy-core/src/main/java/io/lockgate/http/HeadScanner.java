package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/** Finds HTTP/1 heads in a stream of bytes. */
public final class HeadScanner {
  /** What a call found. */
  public enum Progress {
    /** The head has not ended; the buffer's reader index is where it was. */
    INCOMPLETE,
    /** The reader index stands behind the head. */
    COMPLETE,
    /** {@link #rule()} says why. */
    REFUSED
  }

  public HeadScanner(HeadLimits limits) {}

  public Progress scanRequest(ByteBuf in, RequestHead into) {
    throw new UnsupportedOperationException();
  }

  public Progress scanResponse(ByteBuf in, ResponseHead into) {
    throw new UnsupportedOperationException();
  }

  /** Why the head was refused. */
  public FramingRule rule() {
    throw new UnsupportedOperationException();
  }

  /** Whether part of a head has arrived. */
  public boolean begun() {
    throw new UnsupportedOperationException();
  }

  /** Forgets what was scanned of an incomplete head. */
  public void reset() {}
}

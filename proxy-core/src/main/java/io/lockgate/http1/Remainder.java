package io.lockgate.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Octets that came and could not be used yet; they go in front of those that follow. */
public final class Remainder {
  private ByteBuf kept;

  public boolean isEmpty() {
    return kept == null;
  }

  /** Keeps {@code octets}, which it takes over; only while empty. */
  public void keep(ByteBuf octets) {
    assert kept == null;
    kept = octets;
  }

  /** What was kept, for the caller to release; only while there is something. */
  public ByteBuf take() {
    ByteBuf taken = kept;
    kept = null;
    return taken;
  }

  /** What was kept and {@code next}, which it takes over, as one. */
  public ByteBuf joinedWith(ByteBuf next, ByteBufAllocator allocator) {
    if (kept == null) {
      return next;
    }
    ByteBuf first = take();
    ByteBuf joined = allocator.buffer(first.readableBytes() + next.readableBytes());
    joined.writeBytes(first).writeBytes(next);
    first.release();
    next.release();
    return joined;
  }

  public void release() {
    if (kept != null) {
      take().release();
    }
  }
}

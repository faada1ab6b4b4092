package io.lockgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * A copy of the request content that has been sent, as long as it stays within a bound, so that a
 * request can be sent again from its beginning. On one event loop only.
 */
@SuppressWarnings("ReferenceEquality") // The empty buffer stands for none; equality is of content.
final class SentContent {
  private final int most;
  private ByteBuf copy = Unpooled.EMPTY_BUFFER;
  private boolean begun;
  private boolean lost;

  /**
   * @param most octets kept; with 0, content that was sent cannot be sent again
   */
  SentContent(int most) {
    this.most = most;
  }

  /** Content is about to be sent; it stays the caller's. */
  void sending(ByteBuf data) {
    begun = true;
    if (lost || copy.readableBytes() + data.readableBytes() > most) {
      lost = true;
      release();
      return;
    }
    if (copy == Unpooled.EMPTY_BUFFER) {
      copy = ByteBufAllocator.DEFAULT.buffer(Math.min(most, 4096));
    }
    copy.writeBytes(data, data.readerIndex(), data.readableBytes());
  }

  /** The content's end is sent; trailers are not kept. */
  void ending(boolean withTrailers) {
    begun = true;
    lost |= withTrailers || most == 0;
  }

  /** Whether any content was sent, be it the end of none. */
  boolean begun() {
    return begun;
  }

  /** Whether everything that was sent is still here. */
  boolean repeatable() {
    return !lost;
  }

  /**
   * Everything that was sent, for the receiver to release. A buffer of its own: io_uring may still
   * write from it when this one grows and moves.
   */
  ByteBuf again() {
    return copy.copy();
  }

  /** Nothing is sent again after this, and nothing more kept. */
  void release() {
    if (copy != Unpooled.EMPTY_BUFFER) {
      lost = true;
      copy.release();
      copy = Unpooled.EMPTY_BUFFER;
    }
  }
}

package io.lockgate.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;

/**
 * Keeps what is left of a frame together with what has come since, until the frame is whole. A DATA
 * frame seldom fits into a TLS record, so of an upload every octet would be copied once by joining
 * them into one buffer, and again whenever that grows. Large pieces are therefore only put side by
 * side; small ones are copied, since a client could send a frame octet by octet.
 */
public final class FrameJoin implements Cumulator {
  /** Up to here copying costs less than a component does, which takes some 100 octets of heap. */
  private static final int LARGEST_COPIED = 1024;

  @Override
  public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf left, ByteBuf next) {
    if (!left.isReadable()) {
      left.release();
      return next;
    }
    if (!next.isReadable()) {
      next.release();
      return left;
    }
    try {
      return next.readableBytes() > LARGEST_COPIED
          ? sideBySide(allocator, left, next.retain())
          : copied(allocator, left, next);
    } finally {
      next.release(); // whatever happens: without memory for both, the caller keeps what is left
    }
  }

  private static ByteBuf sideBySide(ByteBufAllocator allocator, ByteBuf left, ByteBuf next) {
    CompositeByteBuf both = allocator.compositeDirectBuffer(Integer.MAX_VALUE);
    return both.addFlattenedComponents(true, left).addFlattenedComponents(true, next);
  }

  private static ByteBuf copied(ByteBufAllocator allocator, ByteBuf left, ByteBuf next) {
    int octets = left.readableBytes() + next.readableBytes();
    ByteBuf both;
    // Somebody who has kept a part of what stands before it must not see it move.
    if (left.isContiguous() && left.refCnt() == 1 && left.writableBytes() >= next.readableBytes()) {
      both = left;
    } else {
      both = allocator.directBuffer(octets + LARGEST_COPIED).writeBytes(left);
      left.release();
    }
    return both.writeBytes(next);
  }
}

package io.lockgate.exchange;

import io.lockgate.coding.ContentEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** A server's content, encoded piece by piece as it comes. */
final class CompressedContent implements ResponseTransform {
  private final ContentEncoder encoder;

  CompressedContent(ContentEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public ByteBuf begin() {
    return Unpooled.EMPTY_BUFFER;
  }

  @Override
  public ByteBuf data(ByteBuf data) {
    try {
      return encoder.encode(data, ByteBufAllocator.DEFAULT);
    } finally {
      data.release();
    }
  }

  @Override
  public ByteBuf end() {
    return encoder.finish(ByteBufAllocator.DEFAULT);
  }

  @Override
  public boolean complete() {
    return false;
  }

  @Override
  public boolean wasteful() {
    return false;
  }

  @Override
  public void release() {
    encoder.close();
  }
}

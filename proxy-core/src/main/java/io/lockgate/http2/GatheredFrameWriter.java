package io.lockgate.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.nio.channels.ClosedChannelException;

/**
 * Writes HEADERS and DATA (RFC 9113 sections 6.1 and 6.2), which is nearly all that a connection
 * writes, straight into its {@link FrameGather}; all other frames as the codec does. On the
 * connection's event loop.
 */
final class GatheredFrameWriter extends DefaultHttp2FrameWriter {
  private static final int HEADER_BYTES = 9;

  private final Http2HeadersEncoder encoder;
  private final FrameGather gather;

  GatheredFrameWriter(Http2HeadersEncoder encoder, FrameGather gather) {
    super(encoder);
    this.encoder = encoder;
    this.gather = gather;
  }

  @Override
  public ChannelFuture writeHeaders(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endStream,
      ChannelPromise promise) {
    if (padding > 0) {
      return super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
    }
    if (!gather.open()) {
      return promise.setFailure(new ClosedChannelException());
    }
    ByteBuf out = gather.frames();
    int start = out.writerIndex();
    try {
      out.writeZero(HEADER_BYTES);
      encoder.encodeHeaders(streamId, headers, out);
    } catch (Exception e) {
      out.writerIndex(start);
      return promise.setFailure(e);
    }
    int length = out.writerIndex() - start - HEADER_BYTES;
    int end = endStream ? Http2Flags.END_STREAM : 0;
    if (length <= maxFrameSize()) {
      header(out, start, length, Http2FrameTypes.HEADERS, end | Http2Flags.END_HEADERS, streamId);
    } else {
      continued(out, start, length, end, streamId);
    }
    return gather.complete(promise);
  }

  /** A header block that no frame holds whole (RFC 9113 section 6.10). */
  private void continued(ByteBuf out, int start, int length, int flags, int streamId) {
    ByteBuf block = gather.alloc().buffer(length);
    try {
      block.writeBytes(out, start + HEADER_BYTES, length);
      out.writerIndex(start);
      int type = Http2FrameTypes.HEADERS;
      int typeFlags = flags;
      while (block.isReadable()) {
        int part = Math.min(block.readableBytes(), maxFrameSize());
        int last = part == block.readableBytes() ? Http2Flags.END_HEADERS : 0;
        int at = out.writerIndex();
        out.writeZero(HEADER_BYTES);
        header(out, at, part, type, typeFlags | last, streamId);
        out.writeBytes(block, part);
        type = Http2FrameTypes.CONTINUATION;
        typeFlags = 0;
      }
    } finally {
      block.release();
    }
  }

  /** Content beyond what one frame holds makes several; takes {@code data} over. */
  @Override
  public ChannelFuture writeData(
      ChannelHandlerContext ctx,
      int streamId,
      ByteBuf data,
      int padding,
      boolean endStream,
      ChannelPromise promise) {
    if (padding > 0) {
      return super.writeData(ctx, streamId, data, padding, endStream, promise);
    }
    try {
      if (!gather.open()) {
        return promise.setFailure(new ClosedChannelException());
      }
      do {
        int length = Math.min(data.readableBytes(), maxFrameSize());
        boolean last = endStream && length == data.readableBytes();
        ByteBuf out = gather.frames();
        int at = out.writerIndex();
        out.ensureWritable(HEADER_BYTES + length);
        out.writeZero(HEADER_BYTES);
        header(out, at, length, Http2FrameTypes.DATA, last ? Http2Flags.END_STREAM : 0, streamId);
        out.writeBytes(data, length);
      } while (data.isReadable());
    } finally {
      data.release();
    }
    return gather.complete(promise);
  }

  private static void header(ByteBuf out, int at, int length, int type, int flags, int streamId) {
    out.setMedium(at, length);
    out.setByte(at + 3, type);
    out.setByte(at + 4, flags);
    out.setInt(at + 5, streamId);
  }
}

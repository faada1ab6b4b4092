package io.lockgate.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;

/**
 * Frames of one connection gather here, one behind the other, and leave as one buffer: with a flush
 * or before anything else is written, so that their order is that of their writing. Stands between
 * the codec and the socket; one buffer instead of two and a promise for every frame is what a busy
 * connection spends on writing. On the connection's event loop.
 */
public final class FrameGather extends ChannelOutboundHandlerAdapter {
  /** Four TLS records: what is cut into records from one buffer is not copied once more. */
  private static final int MOST_BYTES = 64 * 1024;

  private static final int LEAST_BYTES = 512;

  private ChannelHandlerContext context;
  private ByteBuf gathered;
  private Batch batch = new Batch();
  private boolean removed;

  /** What the last buffer held is the best guess for the next. */
  private int usual = LEAST_BYTES;

  FrameGather() {}

  ByteBufAllocator alloc() {
    return context.alloc();
  }

  /** Whether frames can still leave. */
  boolean open() {
    return context != null && !removed;
  }

  /** Where the next frame goes, behind those that have gathered; stays the gather's. */
  ByteBuf frames() {
    if (gathered == null) {
      gathered = context.alloc().buffer(usual);
    }
    return gathered;
  }

  /**
   * A frame is complete; {@code promise} is kept when it has been written to the socket, or broken
   * if it cannot be.
   */
  ChannelFuture complete(ChannelPromise promise) {
    if (!promise.isVoid()) {
      batch.promises.add(promise);
    }
    if (gathered.readableBytes() >= MOST_BYTES) {
      writeOut();
    }
    return promise;
  }

  private void writeOut() {
    if (gathered == null) {
      return;
    }
    ByteBuf out = gathered;
    gathered = null;
    usual = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, out.readableBytes()));
    if (batch.promises.isEmpty()) {
      context.write(out, context.voidPromise());
      return;
    }
    Batch leaving = batch;
    batch = new Batch();
    context.write(out).addListener(leaving);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    removed = true;
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
    Batch lost = batch;
    batch = new Batch();
    lost.fail(new ClosedChannelException());
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    writeOut();
    ctx.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    writeOut();
    ctx.flush();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    writeOut();
    ctx.close(promise);
  }

  /** The promises of the frames in one buffer. */
  private static final class Batch implements ChannelFutureListener {
    private final ArrayList<ChannelPromise> promises = new ArrayList<>();

    @Override
    public void operationComplete(ChannelFuture written) {
      if (!written.isSuccess()) {
        fail(written.cause());
        return;
      }
      for (int i = 0; i < promises.size(); i++) {
        promises.get(i).trySuccess();
      }
    }

    void fail(Throwable cause) {
      for (int i = 0; i < promises.size(); i++) {
        promises.get(i).tryFailure(cause);
      }
    }
  }
}

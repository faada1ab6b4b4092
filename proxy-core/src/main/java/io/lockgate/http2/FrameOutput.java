package io.lockgate.http2;

import io.lockgate.loop.FlushQueue;
import io.lockgate.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Optional;

/**
 * What the streams of one connection write. Frames gather and leave at the end of the turn. On the
 * connection's event loop.
 */
public final class FrameOutput implements FlushQueue.Flushable {
  /** How much may wait for a peer that does not read, beyond content, which windows bound. */
  private static final long MOST_UNREAD_BYTES = 2 * 1024 * 1024;

  private final Http2ConnectionHandler handler;
  private final Loop loop;
  private final Turn turn;
  private final Optional<SmallContent> small;
  private ChannelHandlerContext context;
  private boolean flushing;

  /** Hears of the end of a turn in which something was to be flushed. */
  public interface Turn {
    Turn NONE =
        new Turn() {
          @Override
          public void ending() {}

          @Override
          public void flushed() {}
        };

    /** The last moment to write something into this turn. */
    void ending();

    /** What windows and the socket allow has left. */
    void flushed();
  }

  /** All content is queued, by whatever the connection's flow controller has for it. */
  public FrameOutput(Http2ConnectionHandler handler, Loop loop, Turn turn) {
    this(handler, loop, turn, Optional.empty());
  }

  /**
   * @param queues of the connection's flow controller; small content passes by where they are empty
   */
  public FrameOutput(Http2ConnectionHandler handler, Loop loop, Turn turn, UrgencyQueues queues) {
    this(handler, loop, turn, Optional.of(new SmallContent(handler, queues)));
  }

  private FrameOutput(
      Http2ConnectionHandler handler, Loop loop, Turn turn, Optional<SmallContent> small) {
    this.handler = handler;
    this.loop = loop;
    this.turn = turn;
    this.small = small;
  }

  /** Says where frames go; before anything is written. */
  public void over(ChannelHandlerContext newContext) {
    context = newContext;
  }

  public ChannelFuture headers(Http2Stream stream, Http2Headers fields, boolean end) {
    flushLater();
    return handler
        .encoder()
        .writeHeaders(context, stream.id(), fields, 0, end, context.newPromise());
  }

  /** Takes {@code data} over. */
  public ChannelFuture data(Http2Stream stream, ByteBuf data, boolean end) {
    flushLater();
    if (small.isPresent() && small.get().mayPass(context, stream, data.readableBytes())) {
      return small.get().write(context, stream, data, end);
    }
    return handler.encoder().writeData(context, stream.id(), data, 0, end, context.newPromise());
  }

  /** Resets {@code stream} unless it is closed. */
  public void reset(Http2Stream stream, Http2Error error) {
    if (stream.state() != Http2Stream.State.CLOSED) {
      flushLater();
      handler.resetStream(context, stream.id(), error.code(), context.newPromise());
    }
  }

  public boolean writable(Http2Stream stream) {
    return handler.connection().remote().flowController().isWritable(stream);
  }

  /** The peer may send {@code octets} anew on {@code stream}. */
  public void consumed(Http2Stream stream, int octets) {
    try {
      if (handler.decoder().flowController().consumeBytes(stream, octets)) {
        flushLater();
      }
    } catch (Http2Exception e) {
      handler.onError(context, true, e);
    }
  }

  /** Has the peer send up to {@code octets} on the whole connection. */
  public void openWindow(int octets) throws Http2Exception {
    Http2Stream whole = handler.connection().connectionStream();
    int window = handler.decoder().flowController().windowSize(whole);
    handler.decoder().flowController().incrementWindowSize(whole, octets - window);
    flushLater();
  }

  /** Whether a peer that makes us write and does not read has us keep too much. */
  public boolean overfull() {
    return !context.channel().isWritable()
        && context.channel().bytesBeforeWritable() > MOST_UNREAD_BYTES;
  }

  public void flushLater() {
    if (!flushing) {
      flushing = true;
      loop.flushes().later(this);
    }
  }

  @Override
  public void flushNow() {
    flushing = false;
    turn.ending();
    small.ifPresent(SmallContent::turned);
    if (!context.isRemoved()) {
      handler.flush(context);
    }
    turn.flushed();
  }
}

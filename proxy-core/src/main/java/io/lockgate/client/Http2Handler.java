package io.lockgate.client;

import io.lockgate.http2.FrameCodec;
import io.lockgate.http2.FrameJoin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/2 towards a client (RFC 9113): Netty's codec reads and writes frames, {@link RequestFrames}
 * makes requests of them, without a channel per stream. Here is what concerns the connection as a
 * whole: its events and its errors. On the connection's event loop only.
 */
public final class Http2Handler extends Http2ConnectionHandler {
  private static final Logger log = LoggerFactory.getLogger(Http2Handler.class);

  private static final int CONNECTION_WINDOW = 1024 * 1024;

  private final FrameCodec codec;
  private final ClientConnection connection;
  private final HeadSink sink;
  private final FrameGate gate;
  private final FrameLimits limits;
  private final ResponseFrames responses;
  private final RequestFrames requests;
  private final GracefulEnd end;
  private final ClientStalls stalls;
  private ChannelHandlerContext context;

  Http2Handler(
      FrameCodec codec,
      Http2Settings initialSettings,
      ClientConnection connection,
      HeadSink sink,
      FrameGate gate,
      FrameLimits limits,
      ClientPriorities priorities) {
    super(codec.decoder(), codec.encoder(), initialSettings, false, false);
    setCumulator(new FrameJoin());
    gracefulShutdownTimeoutMillis(0);
    this.codec = codec;
    this.connection = connection;
    this.sink = sink;
    this.gate = gate;
    this.limits = limits;
    this.responses = new ResponseFrames(connection, this, limits, priorities);
    this.requests = new RequestFrames(connection, connection(), sink, responses, limits);
    this.end = new GracefulEnd(connection, connection(), this);
    this.stalls = new ClientStalls(connection, this);
    limits.watch(responses.output(), this::cut);
    decoder().frameListener(requests);
    connection().addListener(new Streams());
    connection().remote().flowController().listener(this::writabilityChanged);
    connection.onClose(end::close);
  }

  ChannelHandlerContext context() {
    return context;
  }

  void flushLater() {
    responses.output().flushLater();
  }

  void closeTunnels() {
    requests.closeTunnels();
  }

  private void writabilityChanged(Http2Stream stream) {
    Http2RequestStream request = requests.requestOn(stream);
    if (request != null) {
      request.writabilityChanged();
    }
  }

  /** Nobody reads, so that no word can be sent. */
  private void cut() {
    gate.shut();
    context.close();
  }

  // ---- events

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    codec.attach(ctx);
    responses.output().over(ctx);
    super.handlerAdded(ctx);
    responses.output().openWindow(CONNECTION_WINDOW);
    end.armIdle();
    stalls.awaited(FrameGate.Unfinished.HEAD);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    super.channelReadComplete(ctx);
    stalls.awaited(decoder().prefaceReceived() ? gate.unfinished() : FrameGate.Unfinished.HEAD);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    stalls.writable(ctx.channel().isWritable());
    super.channelWritabilityChanged(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    disarm();
    super.channelInactive(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    disarm();
    sink.release();
    super.handlerRemoved0(ctx);
  }

  private void disarm() {
    connection.loop().deadlines().disarm(end);
    stalls.disarm();
  }

  // ---- errors

  /** Resets that a client provokes count like those it sends. */
  @Override
  public ChannelFuture resetStream(
      ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
    boolean provoked =
        errorCode != Http2Error.NO_ERROR.code()
            && errorCode != Http2Error.CANCEL.code()
            && errorCode != Http2Error.INTERNAL_ERROR.code();
    if (provoked) {
      try {
        limits.resetProvoked();
      } catch (Http2Exception e) {
        onError(ctx, false, e);
      }
    }
    limits.checkUnread();
    return super.resetStream(ctx, streamId, errorCode, promise);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    if (error instanceof Http2Exception.HeaderListSizeException) {
      limits.headTooLarge();
    }
    super.onStreamError(ctx, outbound, cause, error);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception http2Error) {
    if (!end.broken()) {
      return;
    }
    gate.shut();
    if (http2Error != null && !outbound) {
      limits.broken(http2Error);
    }
    if (http2Error == null && !(cause instanceof IOException)) {
      log.error("an HTTP/2 connection failed", cause);
    }
    super.onConnectionError(ctx, outbound, cause, http2Error);
  }

  /** RFC 9113 section 6.8: an error, too, says which streams have been seen. */
  @Override
  public ChannelFuture goAway(
      ChannelHandlerContext ctx,
      int lastStreamId,
      long errorCode,
      ByteBuf debugData,
      ChannelPromise promise) {
    boolean error = errorCode != Http2Error.NO_ERROR.code();
    int last = error ? Math.max(0, connection().remote().lastStreamCreated()) : lastStreamId;
    return super.goAway(ctx, last, errorCode, debugData, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      super.exceptionCaught(ctx, cause);
    } else if (cause instanceof IOException || cause instanceof DecoderException) {
      log.debug("a client's connection failed", cause);
      ctx.close();
    } else {
      log.error("an HTTP/2 connection failed", cause);
      ctx.close();
    }
  }

  /** Hears of streams that begin and end, however they do. */
  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamActive(Http2Stream stream) {
      end.streamOpened();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2RequestStream request = requests.requestOn(stream);
      if (request != null) {
        request.closed();
      }
      end.streamClosed();
    }

    @Override
    public void onStreamRemoved(Http2Stream stream) {
      requests.forget(stream);
      end.streamRemoved();
    }
  }
}

package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.http.FieldSection;
import io.lockgate.http2.FrameCodec;
import io.lockgate.http2.FrameJoin;
import io.lockgate.http2.FrameOutput;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Loop;
import io.lockgate.tls.TlsTimeout;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/2 connection to a server (RFC 9113), shared by as many requests as the server allows at a
 * time. Netty's codec reads and writes frames. On its event loop only.
 *
 * <p>A server that breaks a rule of the connection loses it, and with it the requests on it;
 * nothing it could send makes this proxy answer or keep more than a bounded amount.
 */
final class Http2UpstreamConnection extends Http2ConnectionHandler implements UpstreamConnection {
  private static final Logger log = LoggerFactory.getLogger(Http2UpstreamConnection.class);

  /** Bounds what is on its way, not what is held: it opens again as soon as octets arrive. */
  private static final int CONNECTION_WINDOW = 1024 * 1024;

  /** How long a GOAWAY of ours may take to leave. */
  private static final long LINGER_NANOS = 2_000_000_000L;

  private final FrameCodec codec;
  private final LoopConnections owner;
  private final ServerSlot slot;
  private final Loop loop;
  private final UpstreamConfig config;
  private final Occupancy occupancy;
  private final ServerFrames frames;
  private final FrameOutput output;
  private final RequestFields requestFields;
  private final Readiness readiness;
  private final FieldSection noTrailers = new FieldSection();
  private final Idle idle = new Idle();
  private ChannelHandlerContext context;
  private long lastReadNanos;
  private boolean ready;
  private boolean unready;
  private boolean broken;
  private boolean gone;

  /** Hears once whether the server speaks HTTP/2. */
  interface Readiness {
    /** The server's settings are known and honoured. */
    void ready(Http2UpstreamConnection connection);

    void unready(String reason);
  }

  Http2UpstreamConnection(
      FrameCodec codec,
      Http2Settings initialSettings,
      ResponseSink sink,
      LoopConnections owner,
      ServerSlot slot,
      Readiness readiness) {
    super(codec.decoder(), codec.encoder(), initialSettings, false, true);
    setCumulator(new FrameJoin());
    gracefulShutdownTimeoutMillis(0);
    this.codec = codec;
    this.owner = owner;
    this.slot = slot;
    this.loop = owner.loop();
    this.config = owner.pool().config();
    this.occupancy = new Occupancy(owner, slot, this, connection());
    this.frames = new ServerFrames(this, connection(), sink, owner);
    this.output = new FrameOutput(this, loop, FrameOutput.Turn.NONE);
    this.requestFields = new RequestFields(owner.pool().security().isPresent());
    this.readiness = readiness;
    decoder().frameListener(frames);
    connection().addListener(new Streams());
    connection().remote().flowController().listener(this::writabilityChanged);
  }

  private void writabilityChanged(Http2Stream stream) {
    Http2UpstreamStream request = frames.requestOn(stream);
    if (request != null) {
      request.writabilityChanged();
    }
  }

  // ---- as the pool sees it

  @Override
  public ServerSlot slot() {
    return slot;
  }

  @Override
  public boolean usable() {
    return serving() && !broken && context.channel().isActive() && occupancy.room();
  }

  /** Whether the server has said that it speaks HTTP/2, and is still there. */
  boolean serving() {
    return ready && !gone;
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public boolean unused() {
    return occupancy.unused();
  }

  @Override
  public UpstreamStream begin(UpstreamEvents events) {
    var stream = new Http2UpstreamStream(this, events, occupancy.reused());
    loop.deadlines().pause(idle);
    occupancy.requestBegins();
    return stream;
  }

  @Override
  public void rest() {
    occupancy.rest();
    armIfUnused();
  }

  @Override
  public void retire() {
    occupancy.retire();
    occupancy.roomChanged();
    closeIfDone();
  }

  @Override
  public void close() {
    if (!gone && context != null) {
      occupancy.retire();
      occupancy.roomChanged();
      context.channel().close();
    }
  }

  private void armIfUnused() {
    if (unused()) {
      loop.deadlines().arm(idle, config.idleTimeout());
    }
  }

  // ---- what streams ask for

  /** RFC 9113 section 6.5.2: whether the head is within what the server has said it takes. */
  boolean takes(OutboundRequest head) {
    long most = encoder().configuration().headersConfiguration().maxHeaderListSize();
    return most == Long.MAX_VALUE || requestFields.fill(head).listSize() <= most;
  }

  FrameOutput output() {
    return output;
  }

  /** Opens a stream; null if the server does not allow another one after all. */
  Http2Stream open(Http2UpstreamStream request, OutboundRequest head, boolean end) {
    occupancy.streamOpens();
    try {
      int id = connection().local().incrementAndGetNextStreamId();
      Http2Stream stream = connection().local().createStream(id, false);
      frames.remember(stream, request);
      output.headers(stream, requestFields.fill(head), end);
      return stream;
    } catch (Http2Exception e) {
      log.debug("upstream {}: no further stream", config.name(), e);
      return null;
    }
  }

  /**
   * A request is over; its stream may live on a little.
   *
   * @param opened false if it never had a stream
   */
  void requestOver(boolean opened) {
    occupancy.requestEnds(opened);
    if (!opened) {
      occupancy.roomChanged();
      closeIfDone();
    }
    armIfUnused();
  }

  /** A response has not come in time: if nothing else has come either, the connection is dead. */
  void silent() {
    if (loop.nanoTime() - lastReadNanos >= config.responseTimeout().toNanos()) {
      TlsTimeout.tell(context.channel());
      occupancy.retire();
      later(
          () -> {
            occupancy.roomChanged();
            closeIfDone();
          });
    }
  }

  void contentSent(int octets) {
    frames.dataSent(octets);
  }

  FieldSection noTrailers() {
    noTrailers.clear();
    return noTrailers;
  }

  void arm(Http2UpstreamStream stream) {
    loop.deadlines().arm(stream, config.responseTimeout());
  }

  void pause(Http2UpstreamStream stream) {
    loop.deadlines().pause(stream);
  }

  void disarm(Http2UpstreamStream stream) {
    loop.deadlines().disarm(stream);
  }

  long nanoTime() {
    return loop.nanoTime();
  }

  /** Whether the server takes requests to change to WebSocket. */
  boolean offersConnect() {
    return frames.connectOffered();
  }

  void later(Runnable task) {
    loop.executor().execute(task);
  }

  // ---- events

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    codec.attach(ctx);
    output.over(ctx);
    super.handlerAdded(ctx);
    if (ctx.channel().isActive()) {
      output.openWindow(CONNECTION_WINDOW);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    output.openWindow(CONNECTION_WINDOW); // not before the preface has been written
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (broken) {
      in.skipBytes(in.readableBytes()); // whatever follows an error is noise
      return;
    }
    lastReadNanos = loop.nanoTime();
    super.decode(ctx, in, out);
  }

  /** The server has said its settings, for the first time or anew. */
  void settingsRead() throws Http2Exception {
    if (ready) {
      occupancy.roomChanged();
      return;
    }
    if (occupancy.mostStreams() == 0) {
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "no stream is allowed");
    }
    ready = true;
    readiness.ready(this);
  }

  // ---- errors

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException error) {
    Http2Stream stream = connection().stream(error.streamId());
    if (stream != null) {
      Http2UpstreamStream request = frames.requestOn(stream);
      if (request != null) {
        request.malformed(error.error());
      }
      checkUnread();
      super.onStreamError(ctx, outbound, cause, error);
    } else if (!connection().local().isValidStreamId(error.streamId()) || !frames.takesStray()) {
      onError(
          ctx,
          outbound,
          Http2Exception.connectionError(
              Http2Error.PROTOCOL_ERROR, "frames on streams that are not open"));
    }
    // Otherwise it was on its way when the stream was given up here (RFC 9113 section 5.1).
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
    if (broken) {
      return;
    }
    broken = true;
    if (error == null && !(cause instanceof IOException)) {
      log.error("upstream {}: an HTTP/2 connection failed", config.name(), cause);
    }
    if (ready) {
      owner.pool().connectionBroken(slot.server, String.valueOf(cause.getMessage()));
    }
    tellUnready("the server does not speak HTTP/2: " + cause.getMessage());
    occupancy.roomChanged();
    // Should the server not read our GOAWAY, its being written cannot be waited for.
    loop.deadlines().arm(idle, LINGER_NANOS);
    failAll(error == null ? Http2Error.INTERNAL_ERROR : error.error());
    super.onConnectionError(ctx, outbound, cause, error);
  }

  private void failAll(Http2Error error) {
    try {
      connection()
          .forEachActiveStream(
              stream -> {
                Http2UpstreamStream request = frames.requestOn(stream);
                if (request != null) {
                  request.malformed(error);
                }
                return true;
              });
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  private void tellUnready(String reason) {
    if (!ready) {
      ready = true;
      occupancy.retire();
      unready = true;
      readiness.unready(reason);
    }
  }

  /** A server that makes us write and never reads must not make us keep all of it. */
  void checkUnread() {
    if (output.overfull()) {
      broken = true;
      context.channel().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      log.debug("upstream {}: a connection failed", config.name(), cause);
      ctx.channel().close();
    } else {
      super.exceptionCaught(ctx, cause);
    }
  }

  // ---- the end

  private void closeIfDone() {
    if (!usable() && occupancy.leaving() && unused() && connection().numActiveStreams() == 0) {
      close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    gone();
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    super.handlerRemoved0(ctx);
    gone();
  }

  private void gone() {
    if (gone) {
      return;
    }
    tellUnready("the server closed the connection before it had said a word of HTTP/2");
    gone = true;
    loop.deadlines().disarm(idle);
    occupancy.gone();
    if (!unready) {
      owner.pool().releaseConnection(loop);
    }
  }

  /** Hears of streams that end, however they do. */
  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2UpstreamStream request = frames.requestOn(stream);
      if (request != null) {
        request.closed(occupancy.neverProcessed(stream.id()));
      }
    }

    @Override
    public void onStreamRemoved(Http2Stream stream) {
      frames.forget(stream);
      occupancy.roomChanged();
      closeIfDone();
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      occupancy.goAway(lastStreamId);
      occupancy.roomChanged();
      later(Http2UpstreamConnection.this::closeIfDone);
    }
  }

  /** The connection has had no request for too long, or cannot say good-bye. */
  private final class Idle extends Deadline {
    @Override
    protected void expired() {
      if (broken || unused()) {
        close();
      }
    }
  }
}

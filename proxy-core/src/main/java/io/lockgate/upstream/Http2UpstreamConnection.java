package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.http.FieldSection;
import io.lockgate.http2.FrameBudget;
import io.lockgate.http2.TrailerFields;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.FlushQueue;
import io.lockgate.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
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
final class Http2UpstreamConnection extends Http2ConnectionHandler
    implements UpstreamConnection, FlushQueue.Flushable {
  private static final Logger log = LoggerFactory.getLogger(Http2UpstreamConnection.class);

  /** As many as one client may ask for; beyond that another connection spreads the load better. */
  private static final int MOST_STREAMS = 256;

  /** Bounds what is on its way, not what is held: it opens again as soon as octets arrive. */
  private static final int CONNECTION_WINDOW = 1024 * 1024;

  /** How much may wait for a server that does not read, beyond content under flow control. */
  private static final long MOST_UNREAD_BYTES = 2 * 1024 * 1024;

  /** How long a GOAWAY of ours may take to leave. */
  private static final long LINGER_NANOS = 2_000_000_000L;

  private static final long BUDGET_WINDOW_NANOS = 10_000_000_000L;
  private static final int MOST_PINGS = 200;
  private static final int MOST_SETTINGS = 50;

  /** What may still arrive on streams that were cancelled here. */
  private static final int MOST_STRAYS = 20_000;

  private final LoopConnections owner;
  private final ServerSlot slot;
  private final Loop loop;
  private final UpstreamConfig config;
  private final int maxFields;
  private final ResponseSink sink;
  private final RequestFields requestFields;
  private final Readiness readiness;
  private final Http2Connection.PropertyKey key;
  private final FieldSection noTrailers = new FieldSection();
  private final Idle idle = new Idle();
  private final FrameBudget pings;
  private final FrameBudget settings;
  private final FrameBudget strays;
  private ChannelHandlerContext context;
  private int begun;
  private int requests;
  private int onIt;
  private long lastReadNanos;
  private int lastProcessed = Integer.MAX_VALUE;
  private boolean flushing;
  private boolean ready;
  private boolean unready;
  private boolean pooled;
  private boolean counted;
  private boolean activeWhenCounted;
  private boolean retired;
  private boolean broken;
  private boolean gone;

  /** Hears once whether the server speaks HTTP/2. */
  interface Readiness {
    /** The server's settings are known and honoured. */
    void ready(Http2UpstreamConnection connection);

    void unready(String reason);
  }

  Http2UpstreamConnection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings initialSettings,
      Http2UpstreamBuilder builder) {
    super(decoder, encoder, initialSettings, false, true);
    this.owner = builder.owner();
    this.slot = builder.slot();
    this.loop = owner.loop();
    this.config = owner.pool().config();
    this.maxFields = owner.pool().responseLimits().maxFieldCount();
    this.sink = builder.sink();
    this.requestFields = new RequestFields(owner.pool().security().isPresent());
    this.readiness = builder.readiness();
    this.key = connection().newKey();
    long now = loop.nanoTime();
    this.pings = new FrameBudget(MOST_PINGS, BUDGET_WINDOW_NANOS, now);
    this.settings = new FrameBudget(MOST_SETTINGS, BUDGET_WINDOW_NANOS, now);
    this.strays = new FrameBudget(MOST_STRAYS, BUDGET_WINDOW_NANOS, now);
    connection().addListener(new Streams());
    connection()
        .remote()
        .flowController()
        .listener(
            stream -> {
              Http2UpstreamStream request = stream.getProperty(key);
              if (request != null) {
                request.writabilityChanged();
              }
            });
  }

  // ---- as the pool sees it

  @Override
  public ServerSlot slot() {
    return slot;
  }

  @Override
  public boolean usable() {
    return ready
        && !retired
        && !broken
        && !gone
        && lastProcessed == Integer.MAX_VALUE
        && context.channel().isActive()
        && begun + connection().local().numActiveStreams() < mostStreams()
        && connection().local().lastStreamCreated() < Integer.MAX_VALUE - 2 * MOST_STREAMS
        && (config.maxRequestsPerConnection() == 0 || requests < config.maxRequestsPerConnection());
  }

  private int mostStreams() {
    return Math.min(MOST_STREAMS, connection().local().maxActiveStreams());
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public boolean unused() {
    return onIt == 0;
  }

  @Override
  public UpstreamStream begin(UpstreamEvents events) {
    var stream = new Http2UpstreamStream(this, events, requests > 0);
    begun++;
    requests++;
    slot.requests++;
    slot.requestBegan();
    onIt++;
    count();
    loop.deadlines().pause(idle);
    roomChanged();
    return stream;
  }

  @Override
  public void rest() {
    pooled = true;
    count();
    armIfUnused();
  }

  @Override
  public void retire() {
    retired = true;
    roomChanged();
    closeIfDone();
  }

  @Override
  public void close() {
    if (!gone && context != null) {
      retired = true;
      roomChanged();
      context.channel().close();
    }
  }

  /** Tells the pool whether another request may come. */
  private void roomChanged() {
    boolean room = usable();
    if (room && !pooled) {
      owner.release(this);
    } else if (!room && pooled) {
      pooled = false;
      owner.forget(this);
    }
  }

  /** Keeps the slot's figures: this is one connection, active or idle. */
  private void count() {
    uncount();
    if (!gone && ready) {
      counted = true;
      activeWhenCounted = onIt > 0;
      if (activeWhenCounted) {
        slot.activeCount++;
      } else {
        slot.idleCount++;
      }
    }
  }

  private void uncount() {
    if (counted) {
      counted = false;
      if (activeWhenCounted) {
        slot.activeCount--;
      } else {
        slot.idleCount--;
      }
    }
  }

  private void armIfUnused() {
    if (onIt == 0) {
      loop.deadlines().arm(idle, config.idleTimeout());
    }
  }

  // ---- what streams ask for

  /** RFC 9113 section 6.5.2: whether the head is within what the server has said it takes. */
  boolean takes(OutboundRequest head) {
    long most = encoder().configuration().headersConfiguration().maxHeaderListSize();
    return most == Long.MAX_VALUE || requestFields.fill(head).listSize() <= most;
  }

  /** Opens a stream; null if the server does not allow another one after all. */
  Http2Stream open(Http2UpstreamStream request, OutboundRequest head, boolean end) {
    begun--;
    try {
      int id = connection().local().incrementAndGetNextStreamId();
      Http2Stream stream = connection().local().createStream(id, false);
      stream.setProperty(key, request);
      encoder().writeHeaders(context, id, requestFields.fill(head), 0, end, context.newPromise());
      flushLater();
      return stream;
    } catch (Http2Exception e) {
      log.debug("upstream {}: no further stream", config.name(), e);
      return null;
    }
  }

  void writeData(Http2Stream stream, ByteBuf data, boolean end) {
    encoder().writeData(context, stream.id(), data, 0, end, context.newPromise());
    flushLater();
  }

  void writeTrailers(Http2Stream stream, FieldSection trailers) {
    encoder()
        .writeHeaders(
            context, stream.id(), TrailerFields.of(trailers), 0, true, context.newPromise());
    flushLater();
  }

  void reset(Http2Stream stream, Http2Error error) {
    if (stream != null && stream.state() != Http2Stream.State.CLOSED) {
      resetStream(context, stream.id(), error.code(), context.newPromise());
      flushLater();
    }
  }

  boolean writable(Http2Stream stream) {
    return connection().remote().flowController().isWritable(stream);
  }

  void consumed(Http2Stream stream, int octets) {
    try {
      if (decoder().flowController().consumeBytes(stream, octets)) {
        flushLater();
      }
    } catch (Http2Exception e) {
      onError(context, true, e);
    }
  }

  /**
   * A request is over; its stream may live on a little.
   *
   * @param opened false if it never had a stream
   */
  void requestOver(boolean opened) {
    if (!opened && begun > 0) {
      begun--;
    }
    onIt--;
    slot.requestEnded();
    count();
    if (!opened) {
      roomChanged();
      closeIfDone();
    }
    armIfUnused();
  }

  /** A response has not come in time: if nothing else has come either, the connection is dead. */
  void silent() {
    if (loop.nanoTime() - lastReadNanos >= config.responseTimeout().toNanos()) {
      retired = true;
      later(
          () -> {
            roomChanged();
            closeIfDone();
          });
    }
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

  void later(Runnable task) {
    loop.executor().execute(task);
  }

  private void flushLater() {
    if (!flushing) {
      flushing = true;
      loop.flushes().later(this);
    }
  }

  @Override
  public void flushNow() {
    flushing = false;
    if (!context.isRemoved()) {
      flush(context);
    }
  }

  // ---- what the server sends

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    if (ctx.channel().isActive()) {
      openWindow();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    openWindow();
  }

  /** Not before the preface has been written. */
  private void openWindow() throws Http2Exception {
    Http2Stream whole = connection().connectionStream();
    int window = decoder().flowController().windowSize(whole);
    decoder().flowController().incrementWindowSize(whole, CONNECTION_WINDOW - window);
    flushLater();
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

  void settingsRead() throws Http2Exception {
    limit(settings, "too many settings");
    if (!ready) {
      if (mostStreams() == 0) {
        throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "no stream is allowed");
      }
      ready = true;
      readiness.ready(this);
    } else {
      roomChanged();
    }
  }

  void pingRead() throws Http2Exception {
    limit(pings, "too many pings");
  }

  private void limit(FrameBudget budget, String sentence) throws Http2Exception {
    checkUnread();
    if (!budget.take(loop.nanoTime())) {
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, sentence);
    }
  }

  /** A header block has been decoded into the sink. */
  void headersRead(int streamId, boolean end) throws Http2Exception {
    Http2UpstreamStream request = requestOn(streamId);
    if (!request.headers(sink.head(), maxFields, end)) {
      throw Http2Exception.streamError(
          streamId, Http2Error.PROTOCOL_ERROR, "a malformed header block");
    }
  }

  int dataRead(int streamId, ByteBuf data, int padding, boolean end) throws Http2Exception {
    int credit = requestOn(streamId).data(data, data.readableBytes() + padding, end);
    if (credit < 0) {
      throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "malformed content");
    }
    return credit;
  }

  void resetRead(int streamId, long code) throws Http2Exception {
    requestOn(streamId).resetBy(code);
  }

  private Http2UpstreamStream requestOn(int streamId) throws Http2Exception {
    Http2UpstreamStream request = connection().stream(streamId).getProperty(key);
    if (request == null) {
      throw Http2Exception.connectionError(
          Http2Error.PROTOCOL_ERROR, "stream %d was not asked for", streamId);
    }
    return request;
  }

  // ---- errors

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException error) {
    Http2Stream stream = connection().stream(error.streamId());
    if (stream != null) {
      Http2UpstreamStream request = stream.getProperty(key);
      if (request != null) {
        request.malformed();
      }
      checkUnread();
      super.onStreamError(ctx, outbound, cause, error);
    } else if (!connection().local().isValidStreamId(error.streamId())
        || !strays.take(loop.nanoTime())) {
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
    roomChanged();
    // Should the server not read our GOAWAY, its being written cannot be waited for.
    loop.deadlines().arm(idle, LINGER_NANOS);
    failAll();
    super.onConnectionError(ctx, outbound, cause, error);
  }

  private void failAll() {
    try {
      connection()
          .forEachActiveStream(
              stream -> {
                Http2UpstreamStream request = stream.getProperty(key);
                if (request != null) {
                  request.malformed();
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
      retired = true;
      unready = true;
      readiness.unready(reason);
    }
  }

  /** A server that makes us write and never reads must not make us keep all of it. */
  private void checkUnread() {
    if (!context.channel().isWritable()
        && context.channel().bytesBeforeWritable() > MOST_UNREAD_BYTES) {
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
    if (!usable() && leaving() && onIt == 0 && connection().numActiveStreams() == 0) {
      close();
    }
  }

  private boolean leaving() {
    return retired || lastProcessed != Integer.MAX_VALUE || usedUp();
  }

  private boolean usedUp() {
    return config.maxRequestsPerConnection() > 0 && requests >= config.maxRequestsPerConnection();
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
    uncount();
    if (pooled) {
      pooled = false;
      owner.forget(this);
    }
    if (!unready) {
      owner.pool().releaseConnection(loop);
    }
  }

  /** Hears of streams that end, however they do. */
  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2UpstreamStream request = stream.getProperty(key);
      if (request != null) {
        request.closed(stream.id() > lastProcessed);
      }
    }

    @Override
    public void onStreamRemoved(Http2Stream stream) {
      stream.removeProperty(key);
      roomChanged();
      closeIfDone();
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      lastProcessed = lastStreamId;
      roomChanged();
      later(Http2UpstreamConnection.this::closeIfDone);
    }
  }

  /** The connection has had no request for too long, or cannot say good-bye. */
  private final class Idle extends Deadline {
    @Override
    protected void expired() {
      if (broken || onIt == 0) {
        close();
      }
    }
  }
}

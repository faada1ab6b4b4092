package io.lockgate.client;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.exchange.Exchange;
import io.lockgate.exchange.Failure;
import io.lockgate.http.FieldSection;
import io.lockgate.http.FramingRule;
import io.lockgate.http.HeadVerdict;
import io.lockgate.http.Method;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.http2.FrameBudget;
import io.lockgate.http2.TrailerFields;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.FlushQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/2 towards a client (RFC 9113): Netty's codec reads and writes frames, our own listener makes
 * requests of them, without a channel per stream. On the connection's event loop only.
 */
public final class Http2Handler extends Http2ConnectionHandler implements FlushQueue.Flushable {
  private static final Logger log = LoggerFactory.getLogger(Http2Handler.class);

  /** How long a client may go on opening streams after the first GOAWAY (RFC 9113 section 6.8). */
  private static final long GOAWAY_GRACE_NANOS = 1_000_000_000L;

  private static final int CONNECTION_WINDOW = 1024 * 1024;

  /**
   * How much may wait for a client that does not read, beyond content, which flow control bounds.
   */
  private static final long MOST_UNREAD_BYTES = 2 * 1024 * 1024;

  /** How long a client may take to notice that the connection has ended. */
  private static final long LINGER_NANOS = 2_000_000_000L;

  private final ClientConnection connection;
  private final RequestRouter router;
  private final HeadSink sink;
  private final FrameGate gate;
  private final Http2Connection.PropertyKey key;
  private final ResponseFields responseFields = new ResponseFields();
  private final FieldSection noTrailers = new FieldSection();
  private final Idle idle = new Idle();
  private final Input input = new Input();
  private final Unread unread = new Unread();
  private final FrameBudget resetsReceived;
  private final FrameBudget resetsSent;
  private final FrameBudget pings;
  private final FrameBudget settings;
  private ArrayList<Http2RequestStream> dirty = new ArrayList<>();
  private ArrayList<Http2RequestStream> beingFlushed = new ArrayList<>();
  private ChannelHandlerContext context;
  private boolean flushing;
  private boolean closing;
  private boolean lastGoAwaySent;

  /** A stream has ended since the connection was to close. */
  private boolean answeredLately;

  private boolean broken;

  Http2Handler(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings initialSettings,
      ClientConnection connection,
      HeadSink sink,
      FrameGate gate) {
    super(decoder, encoder, initialSettings, false, false);
    this.connection = connection;
    this.sink = sink;
    this.gate = gate;
    this.router = new RequestRouter(connection);
    this.key = connection().newKey();
    HttpConfig.Http2 limits = connection.http().h2();
    this.resetsReceived = budget(limits.maxResets());
    this.resetsSent = budget(limits.maxResets());
    this.pings = budget(limits.maxPings());
    this.settings = budget(limits.maxSettings());
    connection().addListener(new Streams());
    connection()
        .remote()
        .flowController()
        .listener(stream -> onStream(stream, Http2RequestStream::writabilityChanged));
    connection.onClose(this::close);
  }

  private FrameBudget budget(int most) {
    return new FrameBudget(
        most, connection.http().h2().window().toNanos(), connection.loop().nanoTime());
  }

  private void onStream(
      Http2Stream stream, java.util.function.Consumer<Http2RequestStream> action) {
    Http2RequestStream request = stream.getProperty(key);
    if (request != null) {
      action.accept(request);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    Http2Stream whole = connection().connectionStream();
    int window = decoder().flowController().windowSize(whole);
    decoder().flowController().incrementWindowSize(whole, CONNECTION_WINDOW - window);
    armIdle();
    input.awaited(FrameGate.Unfinished.HEAD);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    super.channelReadComplete(ctx);
    input.awaited(decoder().prefaceReceived() ? gate.unfinished() : FrameGate.Unfinished.HEAD);
  }

  // ---- requests

  /** A header block has been decoded into the sink. */
  void headersRead(int streamId, boolean end) throws Http2Exception {
    Http2Stream stream = connection().stream(streamId);
    Http2RequestStream known = stream.getProperty(key);
    if (known != null) {
      trailersRead(known, streamId, end);
      return;
    }
    RequestHead head = sink.takeHead();
    HeadVerdict verdict = RequestCheck.http2(head, end);
    if (verdict instanceof HeadVerdict.Accepted
        && head.fields().liveCount() > connection.http().maxHeaderCount()) {
      verdict = FramingRule.TOO_MANY_FIELDS.refusal();
    }
    if (head.upgrade() == RequestHead.Upgrade.WEBSOCKET
        && !connection.http().webSocket().enabled()) {
      verdict = FramingRule.METHOD_CONNECT.refusal();
    }
    if (verdict instanceof HeadVerdict.Refused refused && refused.rule().status() == 400) {
      connection.giveBack(head);
      throw refuse(streamId, refused.rule());
    }
    connection.loop().deadlines().pause(idle);
    Http2RequestStream request = new Http2RequestStream(this, stream, head);
    stream.setProperty(key, request);
    if (verdict instanceof HeadVerdict.Refused refused) {
      tellRejected(refused.rule().label());
      answer(request, refused.rule());
      connection.giveBack(head);
      return;
    }
    Exchange exchange = router.begin(head, request);
    request.start(exchange, end);
    router.serve(exchange, head);
  }

  private void trailersRead(Http2RequestStream request, int streamId, boolean end)
      throws Http2Exception {
    if (!end) {
      throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "not the end");
    }
    HeadVerdict verdict = RequestCheck.http2Trailers(sink.fields());
    if (sink.fields().count() > connection.http().maxHeaderCount()) {
      verdict = FramingRule.TOO_MANY_FIELDS.refusal();
    }
    if (verdict instanceof HeadVerdict.Refused refused) {
      throw refuse(streamId, refused.rule());
    }
    if (!request.trailers(sink.fields())) {
      throw refuse(streamId, FramingRule.CONTENT_LENGTH_EXCEEDED);
    }
  }

  /** RFC 9113 section 8.1.1: a malformed request is an error of its stream. */
  private Http2Exception refuse(int streamId, FramingRule rule) {
    tellRejected(rule.label());
    return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, rule.sentence());
  }

  private void tellRejected(String reason) {
    connection
        .terms()
        .listener()
        .rejected(connection.listener(), connection.facts().clientAddress(), reason);
  }

  /** Answers what is well-formed but not accepted; no exchange comes of it. */
  private void answer(Http2RequestStream request, FramingRule rule) {
    ResponseHead answer = new ResponseHead().compose(rule.status(), 0);
    writeHead(request.stream(), answer, Method.GET, true);
    reset(request.stream(), Http2Error.NO_ERROR);
  }

  int dataRead(int streamId, ByteBuf data, int padding, boolean end) throws Http2Exception {
    int flowControlled = data.readableBytes() + padding;
    Http2RequestStream request = connection().stream(streamId).getProperty(key);
    if (request == null) {
      return flowControlled;
    }
    int credit = request.data(data, flowControlled, end);
    if (credit < 0) {
      throw refuse(streamId, FramingRule.CONTENT_LENGTH_EXCEEDED);
    }
    return credit;
  }

  // ---- abuse

  void resetRead() throws Http2Exception {
    limit(resetsReceived, "too many streams reset");
  }

  void pingRead() throws Http2Exception {
    checkUnread();
    limit(pings, "too many pings");
  }

  void settingsRead() throws Http2Exception {
    checkUnread();
    limit(settings, "too many settings");
  }

  private void limit(FrameBudget budget, String sentence) throws Http2Exception {
    if (!budget.take(connection.loop().nanoTime())) {
      tellRejected(sentence.replace(' ', '_').toLowerCase(Locale.ROOT));
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, sentence);
    }
  }

  /** Resets that a client provokes count like those it sends. */
  @Override
  public ChannelFuture resetStream(
      ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
    boolean provoked =
        errorCode != Http2Error.NO_ERROR.code()
            && errorCode != Http2Error.CANCEL.code()
            && errorCode != Http2Error.INTERNAL_ERROR.code();
    if (provoked && !resetsSent.take(connection.loop().nanoTime())) {
      tellRejected("too_many_stream_errors");
      onError(
          ctx,
          false,
          Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many stream errors"));
    }
    checkUnread();
    return super.resetStream(ctx, streamId, errorCode, promise);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception http2Error) {
    if (broken) {
      return;
    }
    broken = true;
    gate.shut();
    if (http2Error == null && !(cause instanceof IOException)) {
      log.error("an HTTP/2 connection failed", cause);
    }
    // Should nobody read our GOAWAY, its being written cannot be waited for.
    connection.loop().deadlines().arm(idle, LINGER_NANOS);
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

  /** A client that makes us write and never reads must not make us keep all of it. */
  private void checkUnread() {
    if (!context.channel().isWritable()
        && context.channel().bytesBeforeWritable() > MOST_UNREAD_BYTES) {
      gate.shut();
      context.close();
    }
  }

  // ---- what streams ask for

  ChannelFuture writeHead(Http2Stream stream, ResponseHead head, Method request, boolean end) {
    checkUnread();
    responseFields.fill(head, request, connection.shared().date().now());
    flushLater();
    return encoder()
        .writeHeaders(context, stream.id(), responseFields, 0, end, context.newPromise());
  }

  ChannelFuture writeTrailers(Http2Stream stream, FieldSection trailers) {
    flushLater();
    return encoder()
        .writeHeaders(
            context, stream.id(), TrailerFields.of(trailers), 0, true, context.newPromise());
  }

  ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean end) {
    flushLater();
    return encoder().writeData(context, stream.id(), data, 0, end, context.newPromise());
  }

  void reset(Http2Stream stream, Http2Error error) {
    if (stream.state() != Http2Stream.State.CLOSED) {
      flushLater();
      resetStream(context, stream.id(), error.code(), context.newPromise());
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

  FieldSection noTrailers() {
    return noTrailers;
  }

  void giveBack(RequestHead head) {
    connection.giveBack(head);
  }

  void arm(Http2RequestStream request) {
    connection.loop().deadlines().arm(request, connection.http().bodyIdleTimeout());
  }

  void armTunnel(Http2RequestStream request) {
    connection.loop().deadlines().arm(request, connection.http().webSocket().idleTimeout());
  }

  void pause(Http2RequestStream request) {
    connection.loop().deadlines().pause(request);
  }

  void disarm(Http2RequestStream request) {
    connection.loop().deadlines().disarm(request);
  }

  /** Has {@code request} write what it holds at the end of the turn. */
  void queue(Http2RequestStream request) {
    dirty.add(request);
    flushLater();
  }

  private void flushLater() {
    if (!flushing) {
      flushing = true;
      connection.loop().flushes().later(this);
    }
  }

  @Override
  public void flushNow() {
    flushing = false;
    ArrayList<Http2RequestStream> batch = dirty;
    dirty = beingFlushed;
    beingFlushed = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
    if (!context.isRemoved()) {
      flush(context);
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flushed();
    }
    batch.clear();
  }

  // ---- ending

  private void close(CloseRequest request) {
    if (request == CloseRequest.FORCED) {
      context.close();
    } else if (!closing) {
      closing = true;
      goAway(Integer.MAX_VALUE);
      connection.loop().deadlines().arm(idle, GOAWAY_GRACE_NANOS);
    }
  }

  private void goAway(int lastStream) {
    goAway(
        context,
        lastStream,
        Http2Error.NO_ERROR.code(),
        Unpooled.EMPTY_BUFFER,
        context.newPromise());
    flushLater();
  }

  /**
   * Nothing is in hand any more. After an answer the client is left a while to close by itself: it
   * may still be reading, and a connection closed with its window updates unread is reset, upon
   * which it would lose what it has not read.
   */
  private void finishIfIdle() {
    if (!lastGoAwaySent || connection().numActiveStreams() > 0) {
      return;
    }
    if (answeredLately) {
      answeredLately = false;
      connection.loop().deadlines().arm(idle, LINGER_NANOS);
    } else {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> context.close());
    }
  }

  private void armIdle() {
    connection.loop().deadlines().arm(idle, connection.http().idleTimeout());
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

  private void disarm() {
    connection.loop().deadlines().disarm(idle);
    connection.loop().deadlines().disarm(input);
    connection.loop().deadlines().disarm(unread);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    if (ctx.channel().isWritable()) {
      connection.loop().deadlines().pause(unread);
    } else {
      connection.loop().deadlines().arm(unread, connection.http().bodyIdleTimeout());
    }
    super.channelWritabilityChanged(ctx);
  }

  /** Hears of streams that end, however they do. */
  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      onStream(stream, Http2RequestStream::closed);
      if (connection().numActiveStreams() == 0 && !closing && !broken) {
        armIdle();
      }
    }

    @Override
    public void onStreamRemoved(Http2Stream stream) {
      stream.removeProperty(key);
      answeredLately |= closing;
      finishIfIdle();
    }
  }

  /** The connection has no stream for too long, or the time for new streams is over. */
  private final class Idle extends Deadline {
    @Override
    protected void expired() {
      boolean active = connection().numActiveStreams() > 0;
      if (broken || (lastGoAwaySent && !active)) {
        context.close();
      } else if (!closing) {
        if (!active) {
          close(CloseRequest.GRACEFUL);
        }
      } else {
        if (!lastGoAwaySent) {
          lastGoAwaySent = true;
          goAway(connection().remote().lastStreamCreated());
        }
        // Again, should the client not read what would end the connection.
        connection.loop().deadlines().arm(this, connection.http().bodyIdleTimeout());
        finishIfIdle();
      }
    }
  }

  /** The client has begun something: its preface, a header block, a frame. */
  private final class Input extends Deadline {
    private FrameGate.Unfinished waiting = FrameGate.Unfinished.NOTHING;

    /** A head has one deadline for the whole of it, content only has to go on coming. */
    void awaited(FrameGate.Unfinished what) {
      if (what == FrameGate.Unfinished.CONTENT) {
        // Later than the stream's own deadline, which has an answer to give.
        long nanos = connection.http().bodyIdleTimeout().toNanos() + LINGER_NANOS;
        connection.loop().deadlines().arm(this, nanos);
      } else if (what != waiting) {
        if (what == FrameGate.Unfinished.HEAD) {
          connection.loop().deadlines().arm(this, connection.http().headerTimeout());
        } else {
          connection.loop().deadlines().pause(this);
        }
      }
      waiting = what;
    }

    @Override
    protected void expired() {
      tellRejected(Failure.REQUEST_TIMEOUT.label());
      onError(
          context,
          false,
          Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "a frame came too slowly"));
      flushLater();
    }
  }

  /** Octets wait for a client that does not take them. */
  private final class Unread extends Deadline {
    @Override
    protected void expired() {
      context.close();
    }
  }
}

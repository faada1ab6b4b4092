package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadVerdict;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.http1.ContentReader;
import io.lockgate.http1.MessageOutput;
import io.lockgate.http1.Remainder;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Loop;
import io.lockgate.tls.OutputClose;
import io.lockgate.tls.TlsTimeout;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 connection to a server, one exchange at a time; it is itself the stream of the
 * exchange it is lent to. On its event loop only.
 *
 * <p>Whatever cannot be told apart for certain (octets nobody asked for, content beyond its end, a
 * response before its request was complete) ends the connection rather than being interpreted.
 *
 * <pre>
 *   RESTING -begin-> LENT -sendHead-> HEAD -head-> CONTENT -end-> RESTING | CLOSED
 * </pre>
 */
final class Http1UpstreamConnection extends ChannelInboundHandlerAdapter
    implements UpstreamConnection, UpstreamStream {
  private static final Logger LOG = LoggerFactory.getLogger(Http1UpstreamConnection.class);

  private static final int INITIAL_BYTES = 1024;
  private static final int MAX_INTERIM_RESPONSES = 16;
  private static final String TOO_MANY_INTERIM = "too_many_interim_responses";

  private enum State {
    RESTING,
    LENT,
    HEAD,
    CONTENT,
    CLOSED
  }

  private final LoopConnections owner;
  private final ServerSlot slot;
  private final Announcement announced;
  private final Loop loop;
  private final UpstreamConfig config;
  private final HeadScanner scanner;
  private final ResponseHead head = new ResponseHead();
  private final Wait wait = new Wait();
  private final ContentReader content;
  private final MessageOutput output;
  private final Remainder received = new Remainder();

  private ChannelHandlerContext context;
  private State state = State.RESTING;
  private UpstreamEvents events;
  private Method method = Method.OTHER;
  private boolean lent;
  private boolean resting;
  private boolean reset;
  private boolean requestSent;
  private boolean headFlushed;
  private boolean broken;
  private boolean untilClose;

  /** What the request asks for, if it would leave HTTP. */
  private Optional<WebSocketHandshake> webSocket = Optional.empty();

  /** The server has left HTTP; the connection ends with what it carries now. */
  private boolean tunnel;

  private int interim;
  private int requests;
  private long sentNanos;

  /**
   * @param announced whose connection it is, where the server was told
   */
  Http1UpstreamConnection(LoopConnections owner, ServerSlot slot, Announcement announced) {
    this.owner = owner;
    this.slot = slot;
    this.announced = announced;
    this.loop = owner.loop();
    this.config = owner.pool().config();
    this.scanner = new HeadScanner(owner.pool().responseLimits());
    this.content = new ContentReader(owner.pool().responseLimits());
    this.output = new MessageOutput(loop.flushes(), INITIAL_BYTES, () -> headFlushed = true);
  }

  @Override
  public ServerSlot slot() {
    return slot;
  }

  @Override
  public Announcement announced() {
    return announced;
  }

  @Override
  public boolean usable() {
    return (state == State.RESTING || state == State.LENT)
        && !broken
        && context != null
        && context.channel().isActive()
        && (config.maxRequestsPerConnection() == 0 || requests < config.maxRequestsPerConnection());
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public boolean unused() {
    return !lent;
  }

  @Override
  public UpstreamStream begin(UpstreamEvents to) {
    leaveRest();
    events = to;
    lent = true;
    slot.activeCount++;
    slot.requestBegan();
    state = State.LENT;
    loop.deadlines().pause(wait);
    return this;
  }

  @Override
  public void rest() {
    state = State.RESTING;
    resting = true;
    slot.idleCount++;
    loop.deadlines().arm(wait, config.idleTimeout());
  }

  private void leaveRest() {
    if (resting) {
      resting = false;
      slot.idleCount--;
    }
  }

  private void returned() {
    lent = false;
    slot.activeCount--;
    slot.requestEnded();
  }

  // ---- the request

  @Override
  public String server() {
    return slot.server.label();
  }

  @Override
  public String address() {
    return slot.server.address();
  }

  @Override
  public boolean reused() {
    return requests > 1;
  }

  @Override
  public void sendHead(OutboundRequest request, boolean end) {
    assert state == State.LENT : state;
    state = State.HEAD;
    requests++;
    slot.requests++;
    interim = 0;
    method = request.method();
    requestSent = false;
    headFlushed = false;
    sentNanos = slot.timed() ? loop.nanoTime() : 0;
    webSocket = request.webSocket();
    request.writeHttp1Head(output.begin(request.chunked()));
    if (end) {
      requestComplete();
    }
  }

  @Override
  public void sendData(ByteBuf data) {
    if (state == State.CLOSED || requestSent) {
      data.release();
    } else {
      output.content(data);
    }
  }

  @Override
  public void sendEnd(FieldSection trailers) {
    if (state != State.CLOSED && !requestSent) {
      output.end(trailers);
      requestComplete();
      if (tunnel) {
        output.writeOut();
        OutputClose.afterWrites(context);
      }
    }
  }

  private void requestComplete() {
    requestSent = true;
    if (state == State.HEAD) {
      loop.deadlines().arm(wait, config.responseTimeout());
    }
  }

  @Override
  public boolean writable() {
    return context.channel().isWritable();
  }

  @Override
  public void wantData(boolean wanted) {
    if (state != State.CLOSED && context.channel().config().isAutoRead() != wanted) {
      context.channel().config().setAutoRead(wanted);
      if (wanted) {
        awaitContent();
      } else {
        loop.deadlines().pause(wait);
      }
    }
  }

  @Override
  public void giveUp() {
    slot.failed(UpstreamFailure.RESPONSE_TIMEOUT, reused());
    cancel();
  }

  @Override
  public void cancel() {
    events = null;
    if (state == State.LENT && usable()) {
      giveBack();
      return;
    }
    if (tunnel && state != State.CLOSED) {
      // The client's last words are often its close frame.
      output.writeOut();
      context.flush();
    }
    close();
  }

  // ---- the response

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    output.attach(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = received.joinedWith((ByteBuf) message, ctx.alloc());
    boolean keep = false;
    try {
      read(in);
      keep = state != State.CLOSED && in.isReadable();
    } finally {
      if (keep) {
        received.keep(in);
      } else {
        in.release();
      }
    }
  }

  private void read(ByteBuf in) {
    while (state != State.CLOSED && in.isReadable()) {
      boolean progress =
          switch (state) {
            case RESTING, LENT -> unasked(in);
            case HEAD -> headFlushed ? readHead(in) : unasked(in);
            case CONTENT -> readContent(in);
            case CLOSED -> false;
          };
      if (!progress) {
        return;
      }
    }
  }

  /** Octets that answer no request must never be taken for the answer to the next one. */
  private boolean unasked(ByteBuf in) {
    in.skipBytes(in.readableBytes());
    fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
    return false;
  }

  private boolean readHead(ByteBuf in) {
    switch (scanner.scanResponse(in, head)) {
      case INCOMPLETE -> {
        return false;
      }
      case REFUSED -> {
        return malformed(UpstreamFailure.RESPONSE_MALFORMED, scanner.rule().label());
      }
      case COMPLETE -> {}
    }
    boolean switching = head.status() == 101 && webSocket.isPresent();
    HeadVerdict verdict =
        switching
            ? ResponseCheck.switching(head, webSocket.get())
            : ResponseCheck.http1(head, method);
    if (verdict instanceof HeadVerdict.Refused refused) {
      return malformed(UpstreamFailure.RESPONSE_MALFORMED, refused.rule().label());
    }
    if (switching) {
      switched();
      return true;
    }
    if (head.interim()) {
      return interimRead();
    }
    headRead(in);
    return true;
  }

  private void switched() {
    slot.answered(head.status(), slot.timed() ? loop.nanoTime() - sentNanos : 0);
    state = State.CONTENT;
    tunnel = true;
    broken = true;
    untilClose = true;
    requestSent = false;
    content.begin(Framing.UNTIL_CLOSE, -1);
    // How long it may be silent is not the server's affair alone.
    loop.deadlines().pause(wait);
    events.switched(head);
  }

  private boolean interimRead() {
    if (++interim > MAX_INTERIM_RESPONSES) {
      return malformed(UpstreamFailure.RESPONSE_MALFORMED, TOO_MANY_INTERIM);
    }
    if (requestSent) {
      loop.deadlines().arm(wait, config.responseTimeout());
    }
    events.informational(head);
    head.clear();
    return true;
  }

  private void headRead(ByteBuf in) {
    slot.answered(head.status(), slot.timed() ? loop.nanoTime() - sentNanos : 0);
    // A server that answers before it has the whole request may never read the rest.
    broken |= !head.reusable() || !requestSent;
    state = State.CONTENT;
    Framing framing = head.framing();
    untilClose = framing == Framing.UNTIL_CLOSE;
    content.begin(framing, head.contentLength());
    awaitContent();
    events.head(head);
    if (framing == Framing.NONE && state == State.CONTENT) {
      complete(in);
    }
  }

  private boolean readContent(ByteBuf in) {
    switch (content.next(in)) {
      case NEED_MORE -> {
        return false;
      }
      case DATA -> {
        boolean last = content.remaining() == 0;
        pass(in, content.available());
        if (last && state == State.CONTENT) {
          complete(in);
        }
      }
      case COMPLETE -> complete(in);
      case REFUSED -> {
        return malformed(UpstreamFailure.CONTENT_MALFORMED, content.rule().label());
      }
    }
    return true;
  }

  private void pass(ByteBuf in, int length) {
    awaitContent();
    events.data(in.readRetainedSlice(length));
  }

  private void awaitContent() {
    boolean reading = context.channel().config().isAutoRead();
    if (reading && state == State.CONTENT && !tunnel) {
      loop.deadlines().arm(wait, config.responseTimeout());
    }
  }

  private void complete(ByteBuf in) {
    UpstreamEvents ended = events;
    events = null;
    head.clear();
    // What follows the response already now must not be read as the response to another request.
    if (broken || !requestSent || in.isReadable()) {
      close();
    } else {
      state = State.LENT;
      giveBack();
    }
    ended.ended(content.trailers());
  }

  private void giveBack() {
    returned();
    if (!context.channel().config().isAutoRead()) {
      // Reading goes on in the pool, so that the server's close is seen there.
      context.channel().config().setAutoRead(true);
    }
    owner.release(this);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    boolean writable = ctx.channel().isWritable();
    if (state == State.HEAD && !requestSent) {
      awaitRoom(writable);
    }
    if (events != null) {
      events.writabilityChanged(writable);
    }
    ctx.fireChannelWritabilityChanged();
  }

  /** A server that neither reads the request nor answers it must not hold it for ever. */
  private void awaitRoom(boolean writable) {
    if (writable) {
      loop.deadlines().pause(wait);
    } else {
      loop.deadlines().arm(wait, config.responseTimeout());
    }
  }

  // ---- the end

  private boolean malformed(UpstreamFailure failure, String reason) {
    if (events != null) {
      events.malformed(reason);
    }
    fail(failure);
    return false;
  }

  private void fail(UpstreamFailure failure) {
    UpstreamEvents failed = events;
    events = null;
    if (failed != null && !tunnel) {
      slot.failed(failure, reused());
    }
    close();
    if (failed != null) {
      failed.failed(failure);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    switch (state) {
      case CONTENT -> {
        if (untilClose && (tunnel || !reset)) {
          UpstreamEvents ended = events;
          events = null;
          gone();
          ended.ended(content.trailers());
        } else {
          fail(UpstreamFailure.CLOSED_IN_RESPONSE);
        }
      }
      case LENT, HEAD -> fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      case RESTING -> close();
      case CLOSED -> {}
    }
    gone();
    ctx.fireChannelInactive();
  }

  /**
   * A failed write does not end the connection: a server that refuses an upload in the middle may
   * have sent its answer before it closed. After a failed read the channel closes by itself.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset = true;
    broken = true;
    if (!(cause instanceof IOException)) {
      LOG.error("upstream {}: a connection failed by a fault of the proxy", config.name(), cause);
      fail(
          state == State.LENT || state == State.HEAD
              ? UpstreamFailure.CLOSED_BEFORE_RESPONSE
              : UpstreamFailure.CLOSED_IN_RESPONSE);
    }
  }

  /** Whoever retires it has it in hand, unused. */
  @Override
  public void retire() {
    close();
  }

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    gone();
    if (context != null) {
      context.close();
    }
  }

  private void gone() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    loop.deadlines().disarm(wait);
    received.release();
    output.release();
    leaveRest();
    if (lent) {
      returned();
    } else {
      owner.forget(this);
    }
    owner.pool().releaseConnection(loop);
  }

  /** What the connection waits for: a request, a response, or more of its content. */
  private final class Wait extends Deadline {
    @Override
    protected void expired() {
      switch (state) {
        case RESTING -> close();
        case HEAD -> timedOut(UpstreamFailure.RESPONSE_TIMEOUT);
        case CONTENT -> timedOut(UpstreamFailure.CONTENT_TIMEOUT);
        case LENT, CLOSED -> {}
      }
    }

    private void timedOut(UpstreamFailure failure) {
      TlsTimeout.tell(context.channel());
      fail(failure);
    }
  }
}

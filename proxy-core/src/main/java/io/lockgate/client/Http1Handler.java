package io.lockgate.client;

import io.lockgate.exchange.Exchange;
import io.lockgate.exchange.Failure;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.FramingRule;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadVerdict;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.lockgate.http1.ContentReader;
import io.lockgate.http1.Remainder;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.SocketState;
import io.lockgate.tls.TlsInput;
import io.lockgate.tls.TlsTimeout;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1 towards a client (RFC 9112): one exchange at a time, requests that come early wait in the
 * buffer. On the connection's event loop only.
 *
 * <pre>
 *   HEAD -head-> CONTENT -end of content-> HEAD (the exchange may still be answering)
 *   HEAD -the exchange changes to WebSocket-> CONTENT, until the end
 *   any -refused, answered for the last time, or closed-> OVER
 * </pre>
 */
public final class Http1Handler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Http1Handler.class);

  /** Unread content up to this size is read and dropped, so that the connection can live on. */
  private static final int DRAINED_BYTES = 64 * 1024;

  /** How long an idle connection that is to end waits for a request that is on its way. */
  private static final long DRAIN_NANOS = 1_000_000_000L;

  private enum Reading {
    HEAD,
    CONTENT,
    /** What still comes is dropped. */
    OVER
  }

  private final ClientConnection connection;
  private final RequestRouter router;
  private final HeadScanner scanner;
  private final ContentReader content;
  private final Remainder received = new Remainder();
  private final Wait wait = new Wait();
  private final Http1Responder responder;

  private ChannelHandlerContext context;

  /** Null without TLS. */
  private TlsInput input;

  /** Null while more may be said. */
  private LingeringClose lingering;

  private Reading reading = Reading.HEAD;
  private RequestHead head;
  private Exchange exchange;
  private boolean dataWanted = true;
  private boolean dropping;
  private boolean processing;
  private boolean closing;

  /** What passes is WebSocket, in both directions. */
  private boolean tunnel;

  /** More came with a request to change to WebSocket, which only its refusal would make HTTP. */
  private boolean precocious;

  public Http1Handler(ClientConnection connection) {
    this.connection = connection;
    this.router = new RequestRouter(connection);
    HeadLimits limits =
        new HeadLimits(
            connection.http().maxHeaderBytes(),
            connection.http().maxHeaderCount(),
            connection.http().maxRequestLine());
    this.scanner = new HeadScanner(limits);
    this.content = new ContentReader(limits);
    this.responder = new Http1Responder(this, connection);
    connection.onClose(this::close);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    input = TlsInput.of(ctx.channel()).orElse(null);
    responder.attach(ctx);
    armIdle();
  }

  // ---- reading

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (reading == Reading.OVER) {
      in.release();
      return;
    }
    process(received.joinedWith(in, ctx.alloc()));
  }

  /** Takes what it can from {@code in}, and keeps the rest. */
  private void process(ByteBuf in) {
    processing = true;
    boolean kept = false;
    try {
      boolean progress = true;
      while (progress && in.isReadable()) {
        progress =
            switch (reading) {
              case HEAD -> readHead(in);
              case CONTENT -> readContent(in);
              case OVER -> false;
            };
      }
      if (in.isReadable() && reading != Reading.OVER) {
        received.keep(in);
        kept = true;
      }
    } finally {
      processing = false;
      if (!kept) {
        in.release();
      }
    }
    readOn();
  }

  /** Reads from the socket unless there is already something that waits to be read. */
  private void readOn() {
    boolean blocked =
        !received.isEmpty() && exchange != null && (reading == Reading.HEAD || !dataWanted);
    boolean wanted = !blocked && (dataWanted || reading == Reading.HEAD || dropping);
    if (reading != Reading.OVER && context.channel().config().isAutoRead() != wanted) {
      context.channel().config().setAutoRead(wanted);
    }
  }

  private boolean readHead(ByteBuf in) {
    if (exchange != null) {
      return false;
    }
    if (head == null) {
      head = connection.takeHead();
    }
    switch (scanner.scanRequest(in, head)) {
      case INCOMPLETE -> {
        if (!wait.header) {
          wait.header = true;
          connection.loop().deadlines().arm(wait, connection.http().headerTimeout());
        }
        return false;
      }
      case REFUSED -> {
        refuse(scanner.rule(), scanner.rule().answerable());
        return false;
      }
      case COMPLETE -> {}
    }
    HeadVerdict verdict = RequestCheck.http1(head);
    if (verdict instanceof HeadVerdict.Refused refused) {
      refuse(refused.rule(), refused.answerable());
      return false;
    }
    begin(in.isReadable());
    return true;
  }

  private void begin(boolean moreCame) {
    if (!connection.http().webSocket().enabled()) {
      head.stayHttp();
    }
    precocious = moreCame && head.upgrade() == RequestHead.Upgrade.WEBSOCKET;
    wait.header = false;
    connection.loop().deadlines().pause(wait);
    dataWanted = true;
    if (head.framing() != Framing.NONE) {
      reading = Reading.CONTENT;
      content.begin(head.framing(), head.contentLength());
    }
    responder.begin(head);
    exchange = router.begin(head, responder);
    router.serve(exchange, head);
    armBody();
    holdInput();
  }

  /** A client that ends its half with close_notify still awaits the answer to a whole request. */
  private void holdInput() {
    if (input != null && reading == Reading.HEAD && (exchange != null || responder.flushing())) {
      input.hold();
    }
  }

  /** The answer is out, as far as the engine can send it; a WebSocket's is its consent. */
  void answered() {
    if (input != null && (exchange == null || tunnel)) {
      input.resume();
    }
  }

  private boolean readContent(ByteBuf in) {
    if (!dataWanted) {
      return false;
    }
    switch (content.next(in)) {
      case NEED_MORE -> {
        return false;
      }
      case DATA -> readData(in);
      case COMPLETE -> {
        reading = Reading.HEAD;
        contentEnded(content.trailers());
      }
      case REFUSED -> {
        contentRefused(content.rule());
        return false;
      }
    }
    return true;
  }

  private void readData(ByteBuf in) {
    boolean last = content.remaining() == 0;
    if (last) {
      reading = Reading.HEAD;
    }
    pass(in, content.available());
    if (last) {
      contentEnded(content.trailers());
    } else {
      armBody();
    }
  }

  /** The exchange is a WebSocket from now on. */
  void switched() {
    tunnel = true;
    reading = Reading.CONTENT;
    content.begin(Framing.UNTIL_CLOSE, -1);
    armBody();
    if (closing) {
      exchange.closeTunnel();
    }
  }

  /** Content of an answer has been written. */
  void answering() {
    if (tunnel) {
      armBody();
    }
  }

  private void pass(ByteBuf in, int length) {
    if (exchange == null) {
      in.skipBytes(length);
    } else {
      exchange.requestData(in.readRetainedSlice(length));
    }
  }

  private void contentEnded(FieldSection trailers) {
    connection.loop().deadlines().pause(wait);
    if (exchange != null) {
      exchange.requestEnd(trailers);
      holdInput();
    } else if (dropping) {
      dropping = false;
      nextRequest();
    }
  }

  private void contentRefused(FramingRule rule) {
    tellRejected(rule.label());
    responder.closeAfter();
    if (exchange != null) {
      exchange.requestBroken(Failure.CONTENT_MALFORMED);
    }
    linger();
  }

  // ---- what the exchange asks for

  void wantData(boolean wanted) {
    if (dataWanted == wanted) {
      return;
    }
    dataWanted = wanted;
    if (wanted) {
      armBody();
      resume();
    } else if (!tunnel) {
      connection.loop().deadlines().pause(wait);
    }
    if (!processing) {
      readOn();
    }
  }

  /** Takes up again what has waited in the buffer. */
  private void resume() {
    if (!processing && !received.isEmpty()) {
      process(received.take());
    }
  }

  /** The exchange is over; {@code requestComplete} false means that content is left unread. */
  void exchangeEnded(boolean requestComplete) {
    exchange = null;
    connection.giveBack(head);
    head = null;
    if (reading == Reading.OVER) {
      return;
    }
    if (!responder.flushing()) {
      answered();
    }
    if (responder.mustClose() || closing) {
      if (requestComplete && received.isEmpty()) {
        finish();
      } else {
        linger();
      }
    } else if (reading == Reading.HEAD) {
      nextRequest();
    } else {
      dropping = true;
      dataWanted = true;
      armBody();
      continueLater();
    }
  }

  private void nextRequest() {
    dataWanted = true;
    armIdle();
    continueLater();
  }

  private void continueLater() {
    if (!processing) {
      if (received.isEmpty()) {
        readOn();
      } else {
        resume();
      }
    }
  }

  /**
   * Whether the connection can go on after a response that is sent before the request's content was
   * read: only if what is left is known to be little.
   */
  boolean canDrop() {
    // A client that waits for 100 (Continue) and gets another answer may leave its content out.
    if (head.upgrade() == RequestHead.Upgrade.WEBSOCKET && (precocious || !received.isEmpty())) {
      // What the client takes for frames must not be read as a request.
      return false;
    }
    long unread = reading == Reading.HEAD ? 0 : content.remaining();
    return unread == 0 || (unread > 0 && unread <= DRAINED_BYTES && !head.expectsContinue());
  }

  boolean draining() {
    return closing;
  }

  // ---- refusing and ending

  private void refuse(FramingRule rule, boolean answerable) {
    tellRejected(rule.label());
    if (answerable) {
      responder.sendError(rule.status(), rule.sentence());
    }
    linger();
  }

  private void tellRejected(String reason) {
    connection
        .terms()
        .listener()
        .rejected(connection.listener(), connection.facts().clientAddress(), reason);
  }

  /** Everything is said: lets it out and closes. */
  private void finish() {
    beginEnd().finish(responder);
  }

  /** Says that nothing follows, though the client may still be sending. */
  private void linger() {
    if (reading != Reading.OVER) {
      beginEnd().linger(responder);
    }
  }

  private LingeringClose beginEnd() {
    reading = Reading.OVER;
    received.release();
    connection.loop().deadlines().pause(wait);
    lingering = new LingeringClose(connection, context);
    return lingering;
  }

  private void close(CloseRequest request) {
    closing = true;
    if (request == CloseRequest.FORCED) {
      context.close();
    } else if (tunnel && exchange != null) {
      exchange.closeTunnel();
    } else if (exchange == null && reading == Reading.HEAD && !wait.header) {
      // A request may be on its way already; it is answered, with Connection: close.
      connection.loop().deadlines().arm(wait, DRAIN_NANOS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ended();
  }

  private void ended() {
    reading = Reading.OVER;
    connection.loop().deadlines().disarm(wait);
    if (lingering != null) {
      lingering.end();
    }
    received.release();
    responder.release();
    if (exchange != null) {
      exchange.clientGone();
    } else if (head != null) {
      connection.giveBack(head);
      head = null;
    }
  }

  /** Whatever failed, the client cannot be served any more. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      log.debug("a client's connection failed", cause);
    } else {
      log.error("an HTTP/1 connection failed", cause);
    }
    ctx.close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    boolean writable = ctx.channel().isWritable();
    if (exchange != null) {
      exchange.clientWritable(writable);
      if (exchange != null && exchange.responding() && !bodyExpected()) {
        armWrite(writable);
      }
    }
    ctx.fireChannelWritabilityChanged();
  }

  // ---- waiting

  private boolean bodyExpected() {
    return reading == Reading.CONTENT && dataWanted;
  }

  private void armIdle() {
    wait.header = false;
    connection.loop().deadlines().arm(wait, connection.http().idleTimeout());
  }

  private void armBody() {
    if (reading == Reading.OVER) {
      return;
    }
    if (tunnel) {
      connection.loop().deadlines().arm(wait, connection.http().webSocket().idleTimeout());
    } else if (bodyExpected()) {
      connection.loop().deadlines().arm(wait, connection.http().bodyIdleTimeout());
    }
  }

  private void armWrite(boolean writable) {
    if (tunnel) {
      return;
    }
    if (writable) {
      connection.loop().deadlines().pause(wait);
    } else {
      connection.loop().deadlines().arm(wait, connection.http().bodyIdleTimeout());
    }
  }

  /** What the connection waits for: a request, the rest of one, or a client that reads. */
  private final class Wait extends Deadline {
    /** Part of a head has arrived. */
    private boolean header;

    @Override
    protected void expired() {
      if (exchange == null && !dropping) {
        idleExpired();
      } else if (tunnel) {
        TlsTimeout.tell(context.channel());
        exchange.endTunnel(Failure.TUNNEL_IDLE);
      } else if (bodyExpected() && exchange != null) {
        TlsTimeout.tell(context.channel());
        tellRejected(Failure.REQUEST_TIMEOUT.label());
        responder.closeAfter();
        exchange.requestBroken(Failure.REQUEST_TIMEOUT);
        linger();
      } else {
        unread();
      }
    }

    /** What waits for the client is not taken. */
    private void unread() {
      long left = SocketState.nanosLeft(context.channel(), connection.http().bodyIdleTimeout());
      if (left > 0) {
        connection.loop().deadlines().arm(this, left);
      } else {
        TlsTimeout.tell(context.channel());
        context.close();
      }
    }

    private void idleExpired() {
      if (header) {
        TlsTimeout.tell(context.channel());
        tellRejected(Failure.REQUEST_TIMEOUT.label());
        responder.sendError(Failure.REQUEST_TIMEOUT.status(), Failure.REQUEST_TIMEOUT.sentence());
        linger();
      } else {
        finish();
      }
    }
  }
}

package io.lockgate.client;

import io.lockgate.exchange.ClientStream;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HttpVersion;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.http1.MessageOutput;
import io.lockgate.loop.Deadline;
import io.lockgate.tls.OutputClose;
import io.lockgate.tls.TlsInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/**
 * The answering half of an HTTP/1 connection: what an exchange answers, in the form that the
 * client's version of HTTP asks for. On the event loop only.
 */
final class Http1Responder implements ClientStream {
  private static final int INITIAL_BYTES = 2 * 1024;

  /** How long the last octets of a response that breaks off may take to leave. */
  private static final long BREAK_OFF_NANOS = 1_000_000_000L;

  private final Http1Handler handler;
  private final ClientConnection connection;
  private final MessageOutput output;
  private final Cut cut = new Cut();
  private ChannelHandlerContext context;
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private boolean close;
  private boolean content;

  /** Nothing but the end of the connection ends the content. */
  private boolean untilClose;

  private boolean breakingOff;

  Http1Responder(Http1Handler handler, ClientConnection connection) {
    this.handler = handler;
    this.connection = connection;
    this.output = new MessageOutput(connection.loop().flushes(), INITIAL_BYTES, handler::answered);
  }

  void attach(ChannelHandlerContext ctx) {
    context = ctx;
    output.attach(ctx);
  }

  /** Makes ready for the answer to a request. */
  void begin(RequestHead head) {
    version = head.version();
    close = !head.persistent();
    untilClose = false;
  }

  /** Whether the connection ends with this exchange. */
  boolean mustClose() {
    return close;
  }

  void closeAfter() {
    close = true;
  }

  @Override
  public ClientProtocol protocol() {
    return ClientProtocol.H1;
  }

  @Override
  public void sendInterim(ResponseHead head) {
    if (version == HttpVersion.HTTP_1_1) {
      HeadWriter.response(output.begin(false), head, Method.GET, version, false, date());
    }
  }

  @Override
  public void sendHead(ResponseHead head, Method request) {
    Framing framing = head.framingFor(version);
    close |= framing == Framing.UNTIL_CLOSE || handler.draining() || !handler.canDrop();
    content = framing != Framing.NONE && request != Method.HEAD;
    untilClose = content && framing == Framing.UNTIL_CLOSE;
    ByteBuf out = output.begin(content && framing == Framing.CHUNKED);
    HeadWriter.response(out, head, request, version, close, date());
  }

  private AsciiBytes date() {
    return connection.shared().date().now();
  }

  @Override
  public void sendSwitch(ResponseHead head, WebSocketHandshake handshake) {
    close = true;
    content = true;
    head.granted(HttpVersion.HTTP_1_1);
    HeadWriter.webSocketResponse(output.begin(false), head, handshake);
    handler.switched();
  }

  @Override
  public void sendData(ByteBuf data) {
    if (content) {
      output.content(data);
      handler.answering();
    } else {
      data.release();
    }
  }

  @Override
  public void sendEnd(FieldSection trailers) {
    output.end(trailers);
  }

  /**
   * A close without the end of the content is what tells an HTTP/1 client that it is not whole;
   * where a close is that end, only breaking off the connection does (RFC 9112 section 8).
   */
  @Override
  public void abort() {
    close = true;
    if (untilClose && context.channel().isActive()) {
      breakOff();
    } else {
      context.close();
    }
  }

  /** Lets out what is left, then ends without close_notify, or with a reset where all is clear. */
  private void breakOff() {
    breakingOff = true;
    if (TlsInput.of(context.channel()).isEmpty()) {
      context.channel().config().setOption(ChannelOption.SO_LINGER, 0); // whoever closes it
    }
    connection.loop().deadlines().arm(cut, BREAK_OFF_NANOS);
    output.writeOut();
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> cut.expired());
  }

  @Override
  public boolean writable() {
    return context.channel().isWritable();
  }

  @Override
  public void wantData(boolean wanted) {
    handler.wantData(wanted);
  }

  @Override
  public void exchangeEnded(boolean requestComplete) {
    handler.exchangeEnded(requestComplete);
  }

  /** An answer outside of any exchange; the connection ends with it. */
  void sendError(int status, String sentence) {
    ResponseHead answer = new ResponseHead();
    ByteBuf body =
        connection
            .shared()
            .current()
            .get()
            .http()
            .answers()
            .errors()
            .compose(
                answer,
                context.alloc(),
                status,
                sentence,
                connection.terms().requestIds().next(),
                false);
    HeadWriter.response(
        output.begin(false), answer, Method.GET, HttpVersion.HTTP_1_1, true, date());
    output.content(body);
  }

  /** Whether something is still to leave at the end of the turn. */
  boolean flushing() {
    return output.flushing();
  }

  /** Lets out what is left, then closes. */
  void finish() {
    if (breakingOff) {
      return;
    }
    output.writeOut();
    OutputClose.closeAfterWrites(context);
  }

  /** Lets out what is left and says that nothing follows; the other direction stays open. */
  void closeOutput() {
    if (breakingOff) {
      return;
    }
    output.writeOut();
    OutputClose.afterWrites(context);
  }

  void release() {
    connection.loop().deadlines().disarm(cut);
    output.release();
  }

  /** A client that does not read must not keep a response that is broken off. */
  private final class Cut extends Deadline {
    @Override
    protected void expired() {
      OutputClose.cut(context.channel());
    }
  }
}

package io.lockgate.client;

import io.lockgate.exchange.ClientStream;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import io.lockgate.http.ChunkedWriter;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HttpVersion;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.loop.FlushQueue;
import io.lockgate.tls.OutputClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/**
 * The answering half of an HTTP/1 connection: head and small content gather in one buffer that
 * leaves with the end of the turn, large content is written as it came. On the event loop only.
 */
final class Http1Responder implements ClientStream, FlushQueue.Flushable {
  /** Content up to this size is copied behind the head instead of being written on its own. */
  private static final int COPIED_BYTES = 4 * 1024;

  private static final int INITIAL_BYTES = 2 * 1024;

  private final Http1Handler handler;
  private final ClientConnection connection;
  private ChannelHandlerContext context;
  private ByteBuf toSend;
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private boolean flushing;
  private boolean close;
  private boolean chunked;
  private boolean content;
  private boolean released;

  Http1Responder(Http1Handler handler, ClientConnection connection) {
    this.handler = handler;
    this.connection = connection;
  }

  void attach(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Makes ready for the answer to a request. */
  void begin(RequestHead head) {
    version = head.version();
    close = !head.persistent();
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
      HeadWriter.response(
          buffer(), head, Method.GET, version, false, connection.shared().date().now());
      flushLater();
    }
  }

  @Override
  public void sendHead(ResponseHead head, Method request) {
    Framing framing = head.framingFor(version);
    close |= framing == Framing.UNTIL_CLOSE || handler.draining() || !handler.canDrop();
    chunked = framing == Framing.CHUNKED;
    content = framing != Framing.NONE && request != Method.HEAD;
    HeadWriter.response(buffer(), head, request, version, close, connection.shared().date().now());
    flushLater();
  }

  @Override
  public void sendData(ByteBuf data) {
    int length = data.readableBytes();
    if (!content || length == 0 || released) {
      data.release();
      return;
    }
    if (chunked) {
      ChunkedWriter.size(buffer(), length);
    }
    if (length <= COPIED_BYTES) {
      buffer().writeBytes(data);
      data.release();
    } else {
      writeOut();
      context.write(data, context.voidPromise());
    }
    if (chunked) {
      ChunkedWriter.endChunk(buffer());
    }
    flushLater();
  }

  @Override
  public void sendEnd(FieldSection trailers) {
    if (chunked && content && !released) {
      if (trailers.count() == 0) {
        ChunkedWriter.end(buffer());
      } else {
        ChunkedWriter.end(buffer(), trailers);
      }
      flushLater();
    }
  }

  /** A close without the end of the content is what tells an HTTP/1 client that it is not whole. */
  @Override
  public void abort() {
    close = true;
    context.close();
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

  private ByteBuf buffer() {
    if (toSend == null) {
      toSend = context.alloc().buffer(INITIAL_BYTES);
    }
    return toSend;
  }

  private void writeOut() {
    if (toSend != null) {
      ByteBuf out = toSend;
      toSend = null;
      context.write(out, context.voidPromise());
    }
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
    if (!released) {
      writeOut();
      context.flush();
      handler.answered();
    }
  }

  /** Whether something is still to leave at the end of the turn. */
  boolean flushing() {
    return flushing;
  }

  /** Lets out what is left, then closes. */
  void finish() {
    writeOut();
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Lets out what is left and says that nothing follows; the other direction stays open. */
  void closeOutput() {
    writeOut();
    context.flush();
    OutputClose.of(context.channel());
  }

  void release() {
    released = true;
    if (toSend != null) {
      toSend.release();
      toSend = null;
    }
  }
}

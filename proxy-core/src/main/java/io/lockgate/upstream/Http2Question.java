package io.lockgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * One request of a health check over HTTP/2, on a connection of its own. What goes wrong with the
 * connection is for whoever opened it to notice. On one loop.
 */
final class Http2Question extends Http2FrameAdapter {
  private static final int ONLY_STREAM = 1;

  private final Asked asked;
  private Http2ConnectionHandler handler;
  private boolean sent;

  private Http2Question(Asked asked) {
    this.asked = asked;
  }

  /** What is asked, and who hears the answer. */
  interface Asked {
    Http2Headers head();

    /** Content of the request, for the connection to release; without a readable octet for none. */
    ByteBuf content(ChannelHandlerContext ctx);

    /**
     * A head that is not interim, or trailers.
     *
     * @param end whether nothing follows
     */
    void heard(Http2Headers headers, boolean end);

    /** Valid during the call only. */
    default void heard(ByteBuf content, boolean end) {}

    /** The server has ended the stream without an answer. */
    void reset(long errorCode);
  }

  /** A handler that asks as soon as the server has said its settings. */
  static Http2ConnectionHandler asking(Asked asked) {
    var question = new Http2Question(asked);
    question.handler =
        new Http2ConnectionHandlerBuilder()
            .server(false)
            .frameListener(question)
            .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
            .gracefulShutdownTimeoutMillis(0)
            .build();
    return question.handler;
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    if (sent) {
      return;
    }
    sent = true;
    ByteBuf content = asked.content(ctx);
    boolean end = !content.isReadable();
    var encoder = handler.encoder();
    encoder.writeHeaders(ctx, ONLY_STREAM, asked.head(), 0, end, ctx.newPromise());
    if (end) {
      content.release();
    } else {
      encoder.writeData(ctx, ONLY_STREAM, content, 0, true, ctx.newPromise());
    }
    ctx.flush();
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    CharSequence status = headers.status();
    boolean interim = status != null && status.length() == 3 && status.charAt(0) == '1';
    if (!interim) {
      asked.heard(headers, end);
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end) {
    int octets = data.readableBytes() + padding;
    asked.heard(data, end);
    return octets;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    asked.reset(errorCode);
  }
}

package io.lockgate.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Consumer;

/**
 * One GET of a health check over HTTP/2, on a connection of its own. What goes wrong with the
 * connection is for whoever opened it to notice. On one loop.
 */
final class Http2Question extends Http2FrameAdapter {
  private static final int ONLY_STREAM = 1;

  private final Http2Headers request;
  private final Consumer<String> answer;
  private Http2ConnectionHandler handler;
  private boolean asked;

  private Http2Question(Http2Headers request, Consumer<String> answer) {
    this.request = request;
    this.answer = answer;
  }

  /**
   * A handler that asks as soon as the server has said its settings.
   *
   * @param answer told the final status as text
   */
  static Http2ConnectionHandler asking(
      String path, String host, boolean https, Consumer<String> answer) {
    Http2Headers request =
        new DefaultHttp2Headers()
            .method("GET")
            .scheme(https ? "https" : "http")
            .authority(host)
            .path(path);
    request.add("user-agent", "lockgate-health");
    var question = new Http2Question(request, answer);
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
    if (!asked) {
      asked = true;
      handler.encoder().writeHeaders(ctx, ONLY_STREAM, request, 0, true, ctx.newPromise());
      ctx.flush();
    }
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
    if (status != null && !(status.length() == 3 && status.charAt(0) == '1')) {
      answer.accept(status.toString());
    }
  }
}

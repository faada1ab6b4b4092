package io.lockgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** A GET of a health check, of which only the status counts. On one loop. */
final class Http2Get implements Http2Question.Asked {
  private final Http2Headers head;
  private final IntFunction<String> judge;
  private final Consumer<String> then;

  /**
   * @param judge says what is wrong with a status; empty where nothing is
   * @param then told what is wrong with the answer; empty where nothing is
   */
  Http2Get(
      String path, String host, boolean https, IntFunction<String> judge, Consumer<String> then) {
    this.head =
        new DefaultHttp2Headers()
            .method("GET")
            .scheme(https ? "https" : "http")
            .authority(host)
            .path(path)
            .add("user-agent", "lockgate-health");
    this.judge = judge;
    this.then = then;
  }

  @Override
  public Http2Headers head() {
    return head;
  }

  @Override
  public ByteBuf content(ChannelHandlerContext ctx) {
    return Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void heard(Http2Headers headers, boolean end) {
    CharSequence status = headers.status();
    if (status != null && status.length() == 3) {
      then.accept(judge.apply(Integer.parseInt(status, 0, 3, 10)));
    }
  }

  @Override
  public void reset(long errorCode) {
    then.accept("the stream was reset with error " + errorCode);
  }
}

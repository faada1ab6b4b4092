package io.lockgate.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.StreamByteDistributor;
import java.util.function.Supplier;

/**
 * Netty's codec as both sides of the proxy set it up: it keeps streams and windows and acknowledges
 * what must be; heads pass through it unchecked, for they are checked with all other framing.
 */
public record FrameCodec(
    Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, FrameGather gather) {
  private static final int MAX_SMALL_CONTINUATIONS = 16;
  private static final float USUAL_UPDATE_RATIO = 0.5f;

  /** Reads frames, and header blocks into the sink that {@code begin} makes ready. */
  public static Http2FrameReader reader(int maxHeadBytes, Supplier<? extends FieldSink> begin) {
    return new DefaultHttp2FrameReader(
        new SinkDecoder(maxHeadBytes, begin), MAX_SMALL_CONTINUATIONS);
  }

  /**
   * The codec of one connection.
   *
   * @param mostStreams how many the peer may have open at a time
   * @param alwaysOpen whether the connection's own receive window opens as soon as octets arrive,
   *     so that only the windows of streams hold any back
   */
  public static FrameCodec of(
      Http2Connection connection,
      StreamByteDistributor distributor,
      Http2FrameReader reader,
      int mostStreams,
      boolean alwaysOpen) {
    connection.remote().maxActiveStreams(mostStreams);
    connection
        .remote()
        .flowController(new DefaultHttp2RemoteFlowController(connection, distributor));
    connection
        .local()
        .flowController(
            new DefaultHttp2LocalFlowController(connection, USUAL_UPDATE_RATIO, alwaysOpen));
    FrameGather gather = new FrameGather();
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(
            connection, new GatheredFrameWriter(new HpackEncoder(), gather));
    return new FrameCodec(
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            reader,
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            false,
            false),
        encoder,
        gather);
  }

  /** Says where the handler of the connection stands; before anything is written. */
  public void attach(ChannelHandlerContext handler) {
    handler.pipeline().addBefore(handler.name(), null, gather);
  }
}

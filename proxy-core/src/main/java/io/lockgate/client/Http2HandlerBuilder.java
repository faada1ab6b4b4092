package io.lockgate.client;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.http2.HpackEncoder;
import io.lockgate.http2.SinkDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Puts together what an {@link Http2Handler} is made of. */
public final class Http2HandlerBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2Handler, Http2HandlerBuilder> {
  /** RFC 8441 section 3. */
  private static final char ENABLE_CONNECT_PROTOCOL = 8;

  private static final int MAX_SMALL_CONTINUATIONS = 16;

  private final ClientConnection connection;
  private final HeadSink sink;
  private FrameGate gate;

  private Http2HandlerBuilder(ClientConnection connection) {
    this.connection = connection;
    this.sink = new HeadSink(connection);
  }

  /** The handler of one connection. */
  public static Http2Handler build(ClientConnection connection) {
    var builder = new Http2HandlerBuilder(connection);
    HttpConfig http = connection.http();
    Http2Settings settings =
        new Http2Settings()
            .maxConcurrentStreams(http.h2().maxConcurrentStreams())
            .initialWindowSize(http.h2().initialWindow())
            .maxHeaderListSize(http.maxHeaderBytes());
    if (http.webSocket().enabled()) {
      settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(1));
    }
    builder.initialSettings(settings);
    builder.gracefulShutdownTimeoutMillis(0);
    builder.decoderEnforceMaxConsecutiveEmptyDataFrames(http.h2().maxEmptyFrames());
    builder.decoderEnforceMaxRstFramesPerWindow(0, 0);
    builder.withCodec();
    return builder.build();
  }

  private void withCodec() {
    Http2Connection http2 = new DefaultHttp2Connection(true);
    // Every stream gets the same share; the weighted tree costs more than it gives without
    // priorities.
    http2
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(http2, new UniformStreamByteDistributor(http2)));
    http2.local().flowController(new DefaultHttp2LocalFlowController(http2));
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(http2, new DefaultHttp2FrameWriter(new HpackEncoder()));
    gate =
        new FrameGate(
            new DefaultHttp2FrameReader(
                new SinkDecoder(connection.http().maxHeaderBytes(), sink::begin),
                MAX_SMALL_CONTINUATIONS),
            http2);
    codec(
        new DefaultHttp2ConnectionDecoder(
            http2,
            encoder,
            gate,
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            false,
            false),
        encoder);
  }

  @Override
  protected Http2Handler build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    var handler = new Http2Handler(decoder, encoder, settings, connection, sink, gate);
    decoder.frameListener(new Frames(handler));
    return handler;
  }

  /** Passes frames that mean something to us on to the handler. */
  private static final class Frames extends Http2FrameAdapter {
    private final Http2Handler handler;

    Frames(Http2Handler handler) {
      this.handler = handler;
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
        throws Http2Exception {
      return handler.dataRead(streamId, data, padding, end);
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
        boolean end)
        throws Http2Exception {
      handler.headersRead(streamId, end);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode)
        throws Http2Exception {
      handler.resetRead();
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      handler.pingRead();
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      handler.settingsRead();
    }
  }
}

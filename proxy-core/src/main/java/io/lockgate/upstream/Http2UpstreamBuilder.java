package io.lockgate.upstream;

import io.lockgate.http.HeadLimits;
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
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Puts together what an {@link Http2UpstreamConnection} is made of. */
final class Http2UpstreamBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2UpstreamConnection, Http2UpstreamBuilder> {
  private static final int MAX_SMALL_CONTINUATIONS = 16;
  private static final int MAX_EMPTY_FRAMES = 100;

  /** Of one stream, and so the most of a response that is held for a client that does not read. */
  private static final int WINDOW = 256 * 1024;

  private final LoopConnections owner;
  private final ServerSlot slot;
  private final Http2UpstreamConnection.Readiness readiness;
  private final ResponseSink sink = new ResponseSink();

  private Http2UpstreamBuilder(
      LoopConnections owner, ServerSlot slot, Http2UpstreamConnection.Readiness readiness) {
    this.owner = owner;
    this.slot = slot;
    this.readiness = readiness;
  }

  /** The handler of one connection, which speaks as soon as its channel is active. */
  static Http2UpstreamConnection build(
      LoopConnections owner, ServerSlot slot, Http2UpstreamConnection.Readiness readiness) {
    var builder = new Http2UpstreamBuilder(owner, slot, readiness);
    HeadLimits limits = owner.pool().responseLimits();
    builder.initialSettings(
        new Http2Settings()
            .pushEnabled(false)
            .maxConcurrentStreams(0)
            .initialWindowSize(WINDOW)
            .maxHeaderListSize(limits.maxHeadBytes()));
    builder.gracefulShutdownTimeoutMillis(0);
    builder.decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES);
    builder.decoderEnforceMaxRstFramesPerWindow(0, 0);
    builder.withCodec(limits);
    return builder.build();
  }

  LoopConnections owner() {
    return owner;
  }

  ServerSlot slot() {
    return slot;
  }

  Http2UpstreamConnection.Readiness readiness() {
    return readiness;
  }

  ResponseSink sink() {
    return sink;
  }

  private void withCodec(HeadLimits limits) {
    Http2Connection http2 = new DefaultHttp2Connection(false);
    http2
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(http2, new UniformStreamByteDistributor(http2)));
    // The window of the connection is always open: one client that does not read must not hold up
    // the others. What is held is bounded by the windows of the streams.
    http2.local().flowController(new DefaultHttp2LocalFlowController(http2, 0.5f, true));
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(http2, new DefaultHttp2FrameWriter(new HpackEncoder()));
    var reader =
        new DefaultHttp2FrameReader(
            new SinkDecoder(limits.maxHeadBytes(), sink::begin), MAX_SMALL_CONTINUATIONS);
    codec(
        new DefaultHttp2ConnectionDecoder(
            http2,
            encoder,
            reader,
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            false,
            false),
        encoder);
  }

  @Override
  protected Http2UpstreamConnection build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    var handler = new Http2UpstreamConnection(decoder, encoder, settings, this);
    decoder.frameListener(new Frames(handler));
    return handler;
  }

  /** Passes frames that mean something to us on to the handler. */
  private static final class Frames extends Http2FrameAdapter {
    private final Http2UpstreamConnection handler;

    Frames(Http2UpstreamConnection handler) {
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
      handler.resetRead(streamId, errorCode);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      handler.settingsRead(settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      handler.pingRead();
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext ctx,
        int streamId,
        int streamDependency,
        short weight,
        boolean exclusive)
        throws Http2Exception {
      handler.pingRead(); // of no more use than a ping
    }

    @Override
    public void onUnknownFrame(
        ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload) {
      // RFC 9113 section 5.5: ignored.
    }

    @Override
    public void onPushPromiseRead(
        ChannelHandlerContext ctx,
        int streamId,
        int promisedStreamId,
        Http2Headers headers,
        int padding)
        throws Http2Exception {
      throw Http2Exception.connectionError(
          Http2Error.PROTOCOL_ERROR, "a push, which was not allowed");
    }
  }
}

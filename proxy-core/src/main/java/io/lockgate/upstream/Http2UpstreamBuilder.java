package io.lockgate.upstream;

import io.lockgate.http.HeadLimits;
import io.lockgate.http2.FrameCodec;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Puts together what an {@link Http2UpstreamConnection} is made of. */
final class Http2UpstreamBuilder {
  /** Of one stream, and so the most of a response that is held for a client that does not read. */
  private static final int WINDOW = 256 * 1024;

  private Http2UpstreamBuilder() {}

  /** The handler of one connection, which speaks as soon as its channel is active. */
  static Http2UpstreamConnection build(
      LoopConnections owner, ServerSlot slot, Http2UpstreamConnection.Readiness readiness) {
    HeadLimits limits = owner.pool().responseLimits();
    ResponseSink sink = new ResponseSink();
    Http2Connection streams = new DefaultHttp2Connection(false);
    // The window of the connection is always open: one client that does not read must not hold up
    // the others. What is held is bounded by the windows of the streams.
    FrameCodec codec =
        FrameCodec.of(
            streams,
            new UniformStreamByteDistributor(streams),
            FrameCodec.reader(limits.maxHeadBytes(), sink::begin),
            0,
            true);
    return new Http2UpstreamConnection(codec, settings(limits), sink, owner, slot, readiness);
  }

  private static Http2Settings settings(HeadLimits limits) {
    return new Http2Settings()
        .pushEnabled(false)
        .maxConcurrentStreams(0)
        .initialWindowSize(WINDOW)
        .maxHeaderListSize(limits.maxHeadBytes());
  }
}

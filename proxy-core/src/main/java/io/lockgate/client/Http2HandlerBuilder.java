package io.lockgate.client;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.http2.FrameCodec;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Puts together what an {@link Http2Handler} is made of. */
public final class Http2HandlerBuilder {
  private Http2HandlerBuilder() {}

  /** The handler of one connection. */
  public static Http2Handler build(ClientConnection connection) {
    HttpConfig http = connection.http();
    HeadSink sink = new HeadSink(connection);
    Http2Connection streams = new DefaultHttp2Connection(true);
    FrameGate gate = new FrameGate(FrameCodec.reader(http.maxHeaderBytes(), sink::begin), streams);
    FrameCodec codec =
        FrameCodec.of(
            streams,
            new UniformStreamByteDistributor(streams),
            gate,
            http.h2().maxConcurrentStreams(),
            false);
    return new Http2Handler(codec, settings(http), connection, sink, gate);
  }

  private static Http2Settings settings(HttpConfig http) {
    return new Http2Settings()
        .maxConcurrentStreams(http.h2().maxConcurrentStreams())
        .initialWindowSize(http.h2().initialWindow())
        .maxHeaderListSize(http.maxHeaderBytes());
  }
}

package io.lockgate.client;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.http2.FrameCodec;
import io.lockgate.http2.UrgencyQueues;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Settings;

/** Puts together what an {@link Http2Handler} is made of. */
public final class Http2HandlerBuilder {
  /** RFC 8441 section 3. */
  private static final char ENABLE_CONNECT_PROTOCOL = 8;

  /** RFC 9218 section 2.1: priorities of RFC 7540 count for nothing here. */
  private static final char NO_RFC7540_PRIORITIES = 9;

  private Http2HandlerBuilder() {}

  /** The handler of one connection. */
  public static Http2Handler build(ClientConnection connection) {
    HttpConfig http = connection.http();
    HeadSink sink = new HeadSink(connection);
    Http2Connection streams = new DefaultHttp2Connection(true);
    UrgencyQueues queues = new UrgencyQueues(streams);
    FrameLimits limits = new FrameLimits(connection, queues);
    ClientPriorities priorities = new ClientPriorities(streams, queues);
    FrameGate gate =
        new FrameGate(
            FrameCodec.reader(http.maxHeaderBytes(), sink::begin), streams, limits, priorities);
    FrameCodec codec =
        FrameCodec.of(streams, queues, gate, http.h2().maxConcurrentStreams(), false);
    return new Http2Handler(codec, settings(http), connection, sink, gate, limits, priorities);
  }

  private static Http2Settings settings(HttpConfig http) {
    Http2Settings settings =
        new Http2Settings()
            .maxConcurrentStreams(http.h2().maxConcurrentStreams())
            .initialWindowSize(http.h2().initialWindow())
            .maxHeaderListSize(http.maxHeaderBytes());
    settings.put(NO_RFC7540_PRIORITIES, Long.valueOf(1));
    if (http.webSocket().enabled()) {
      settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(1));
    }
    return settings;
  }
}

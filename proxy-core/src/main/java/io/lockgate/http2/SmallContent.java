package io.lockgate.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Content that is written at once rather than queued: there is little of it, both windows and the
 * socket have room for it (RFC 9113 section 6.9), and no content of the connection waits, so that
 * there is nobody whose turn it would take. It is charged to the windows as queued content is. On
 * the connection's event loop.
 */
final class SmallContent {
  /** A quarter of a portion: the order of so little cannot be told by who gets it. */
  static final int MOST_BYTES = UrgencyQueues.PORTION / 4;

  private final Http2ConnectionHandler handler;
  private final UrgencyQueues queues;
  private final Http2RemoteFlowController windows;
  private final Http2Stream whole;

  /** What has passed in this turn, which the channel does not know of before its end. */
  private long passed;

  SmallContent(Http2ConnectionHandler handler, UrgencyQueues queues) {
    Http2Connection connection = handler.connection();
    this.handler = handler;
    this.queues = queues;
    this.windows = connection.remote().flowController();
    this.whole = connection.connectionStream();
  }

  boolean mayPass(ChannelHandlerContext context, Http2Stream stream, int octets) {
    return octets <= MOST_BYTES
        && queues.isEmpty()
        && sendable(stream)
        && !windows.hasFlowControlled(stream)
        && octets <= windows.windowSize(stream)
        && octets <= windows.windowSize(whole)
        && passed + octets < context.channel().bytesBeforeUnwritable();
  }

  private static boolean sendable(Http2Stream stream) {
    return stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE
        || stream.state() == Http2Stream.State.OPEN;
  }

  /** Takes {@code data}, of which {@link #mayPass} has approved, over. */
  ChannelFuture write(
      ChannelHandlerContext context, Http2Stream stream, ByteBuf data, boolean end) {
    int octets = data.readableBytes();
    ChannelPromise promise = context.newPromise();
    handler.encoder().frameWriter().writeData(context, stream.id(), data, 0, end, promise);
    passed += octets;
    queues.passed(stream, octets);
    charge(context, octets, stream);
    if (end) {
      handler.closeStreamLocal(stream, promise);
    }
    return promise;
  }

  /** What hears of it may find a window used up, and must find all that was written before. */
  private void charge(ChannelHandlerContext context, int octets, Http2Stream stream) {
    try {
      if (octets > 0) {
        windows.incrementWindowSize(whole, -octets);
        windows.incrementWindowSize(stream, -octets);
      }
    } catch (Http2Exception e) { // Only of windows that grow too large.
      handler.onError(
          context, true, Http2Exception.connectionError(Http2Error.INTERNAL_ERROR, e, "window"));
    }
  }

  /** A new turn begins. */
  void turned() {
    passed = 0;
  }
}

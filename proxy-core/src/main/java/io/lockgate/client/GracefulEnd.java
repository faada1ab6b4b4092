package io.lockgate.client;

import io.lockgate.loop.Deadline;
import io.lockgate.loop.SocketState;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;

/**
 * How an HTTP/2 connection ends: when it is idle, when it is to be drained, after an error. Two
 * GOAWAYs let requests that are on their way arrive (RFC 9113 section 6.8). It is also the deadline
 * by which the next step is taken. On the connection's event loop.
 *
 * <pre>
 *   SERVING -close-> PARTING -grace-> LEAVING -no stream-> closed
 *      any of them -error-> BROKEN -> closed
 * </pre>
 */
final class GracefulEnd extends Deadline {
  /** How long a client may go on opening streams after the first GOAWAY. */
  private static final long GOAWAY_GRACE_NANOS = 1_000_000_000L;

  /** How long a client may take to notice that the connection has ended. */
  static final long LINGER_NANOS = 2_000_000_000L;

  private enum State {
    SERVING,
    /** The first GOAWAY is out; new streams are still served. */
    PARTING,
    /** The last GOAWAY is out, which says which streams are served to their end. */
    LEAVING,
    BROKEN
  }

  private final ClientConnection connection;
  private final Http2Connection streams;
  private final Http2Handler handler;
  private State state = State.SERVING;

  /** A stream has ended since the connection was to close, or its client had not got all then. */
  private boolean answeredLately;

  GracefulEnd(ClientConnection connection, Http2Connection streams, Http2Handler handler) {
    this.connection = connection;
    this.streams = streams;
    this.handler = handler;
  }

  void close(CloseRequest request) {
    if (request == CloseRequest.FORCED) {
      handler.context().close();
    } else if (state == State.SERVING) {
      state = State.PARTING;
      answeredLately = nanosLeft() > 0;
      goAway(Integer.MAX_VALUE);
      handler.closeTunnels();
      arm(GOAWAY_GRACE_NANOS);
    }
  }

  /**
   * The connection is broken.
   *
   * @return false if it was before
   */
  boolean broken() {
    if (state == State.BROKEN) {
      return false;
    }
    state = State.BROKEN;
    // Should nobody read our GOAWAY, its being written cannot be waited for.
    arm(LINGER_NANOS);
    return true;
  }

  void streamOpened() {
    if (state == State.SERVING) {
      connection.loop().deadlines().pause(this);
    }
  }

  void streamClosed() {
    if (state == State.SERVING && streams.numActiveStreams() == 0) {
      armIdle();
    }
  }

  void streamRemoved() {
    answeredLately |= state == State.PARTING || state == State.LEAVING;
    finishIfIdle();
  }

  void armIdle() {
    arm(connection.http().idleTimeout().toNanos());
  }

  private void arm(long nanos) {
    connection.loop().deadlines().arm(this, nanos);
  }

  /** The connection has no stream for too long, or the time for the next step has come. */
  @Override
  protected void expired() {
    boolean active = streams.numActiveStreams() > 0;
    switch (state) {
      case SERVING -> {
        if (!active) {
          close(CloseRequest.GRACEFUL);
        }
      }
      case PARTING -> {
        state = State.LEAVING;
        goAway(streams.remote().lastStreamCreated());
        lookAgain();
      }
      case LEAVING -> {
        if (active) {
          lookAgain();
        } else {
          closeOnceTaken();
        }
      }
      case BROKEN -> handler.context().close();
    }
  }

  /** Later again, should the client not read what would end the connection. */
  private void lookAgain() {
    arm(connection.http().bodyIdleTimeout().toNanos());
    finishIfIdle();
  }

  /**
   * Nothing is in hand any more. After an answer the client is left a while to close by itself, and
   * as long as it takes what was sent before: it may still be reading, and a connection closed with
   * its window updates unread is reset, upon which it would lose what it has not read.
   */
  private void finishIfIdle() {
    if (state != State.LEAVING || streams.numActiveStreams() > 0) {
      return;
    }
    if (answeredLately) {
      answeredLately = false;
      arm(LINGER_NANOS);
    } else {
      ChannelHandlerContext context = handler.context();
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> context.close());
    }
  }

  private void closeOnceTaken() {
    long left = nanosLeft();
    if (left > 0) {
      arm(Math.min(left, LINGER_NANOS));
    } else {
      handler.context().close();
    }
  }

  private long nanosLeft() {
    return SocketState.nanosLeft(handler.context().channel(), connection.http().bodyIdleTimeout());
  }

  private void goAway(int lastStream) {
    ChannelHandlerContext context = handler.context();
    handler.goAway(
        context,
        lastStream,
        Http2Error.NO_ERROR.code(),
        Unpooled.EMPTY_BUFFER,
        context.newPromise());
    handler.flushLater();
  }
}

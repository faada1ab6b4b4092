package io.lockgate.client;

import io.lockgate.loop.Deadline;
import io.lockgate.loop.SocketState;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;

/**
 * The end of an HTTP/1 connection, in which the client may still take what it was sent (RFC 9112
 * section 9.6). It is also the deadline by which the connection is closed whatever the client does;
 * apart from what the connection waited for before, so that nothing of that can put it off. Begun
 * once, on the connection's event loop.
 */
final class LingeringClose extends Deadline {
  /** How long a client may take to notice that the connection has ended. */
  private static final long LINGER_NANOS = 2_000_000_000L;

  private final ClientConnection connection;
  private final ChannelHandlerContext context;

  LingeringClose(ClientConnection connection, ChannelHandlerContext context) {
    this.connection = connection;
    this.context = context;
  }

  /** Everything is said and nothing left unread: lets it out and closes. */
  void finish(Http1Responder responder) {
    arm(patience().toNanos());
    responder.finish();
  }

  /**
   * Closes the sending side, and leaves the other open for a while for what the client still sends:
   * a connection closed with unread octets is reset, and the reset would overtake our answer.
   */
  void linger(Http1Responder responder) {
    arm(LINGER_NANOS);
    responder.closeOutput();
    context.channel().config().setAutoRead(true);
  }

  /** The connection is gone. */
  void end() {
    connection.loop().deadlines().disarm(this);
  }

  @Override
  protected void expired() {
    long left = SocketState.nanosLeft(context.channel(), patience());
    if (left > 0) {
      arm(Math.min(left, LINGER_NANOS));
    } else {
      context.close();
    }
  }

  private void arm(long nanos) {
    connection.loop().deadlines().arm(this, nanos);
  }

  /** With a client that takes nothing. */
  private Duration patience() {
    return connection.http().bodyIdleTimeout();
  }
}

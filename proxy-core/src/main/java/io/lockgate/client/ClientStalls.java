package io.lockgate.client;

import io.lockgate.exchange.Failure;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.SocketState;
import io.lockgate.tls.TlsTimeout;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;

/**
 * Ends an HTTP/2 connection whose client stops in the midst of a frame, or takes nothing of what
 * waits for it. On the connection's event loop.
 */
final class ClientStalls {
  private final ClientConnection connection;
  private final Http2Handler handler;
  private final Input input = new Input();
  private final Unread unread = new Unread();

  ClientStalls(ClientConnection connection, Http2Handler handler) {
    this.connection = connection;
    this.handler = handler;
  }

  /** Says what has begun to come and is not whole yet. */
  void awaited(FrameGate.Unfinished what) {
    input.awaited(what);
  }

  void writable(boolean writable) {
    if (writable) {
      connection.loop().deadlines().pause(unread);
    } else {
      connection.loop().deadlines().arm(unread, connection.http().bodyIdleTimeout());
    }
  }

  void disarm() {
    connection.loop().deadlines().disarm(input);
    connection.loop().deadlines().disarm(unread);
  }

  /** The client has begun something: its preface, a header block, a frame. */
  private final class Input extends Deadline {
    private FrameGate.Unfinished waiting = FrameGate.Unfinished.NOTHING;

    /** A head has one deadline for the whole of it, content only has to go on coming. */
    void awaited(FrameGate.Unfinished what) {
      if (what == FrameGate.Unfinished.CONTENT) {
        // Later than the stream's own deadline, which has an answer to give.
        long nanos = connection.http().bodyIdleTimeout().toNanos() + GracefulEnd.LINGER_NANOS;
        connection.loop().deadlines().arm(this, nanos);
      } else if (what != waiting) {
        if (what == FrameGate.Unfinished.HEAD) {
          connection.loop().deadlines().arm(this, connection.http().headerTimeout());
        } else {
          connection.loop().deadlines().pause(this);
        }
      }
      waiting = what;
    }

    @Override
    protected void expired() {
      TlsTimeout.tell(handler.context().channel());
      connection.tellRejected(Failure.REQUEST_TIMEOUT.label());
      handler.onError(
          handler.context(),
          false,
          Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "a frame came too slowly"));
      handler.flushLater();
    }
  }

  /** Octets wait for a client that does not take them. */
  private final class Unread extends Deadline {
    @Override
    protected void expired() {
      Channel channel = handler.context().channel();
      long left = SocketState.nanosLeft(channel, connection.http().bodyIdleTimeout());
      if (left > 0) {
        connection.loop().deadlines().arm(this, left);
        return;
      }
      TlsTimeout.tell(channel);
      handler.context().close();
    }
  }
}

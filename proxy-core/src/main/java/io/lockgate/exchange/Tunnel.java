package io.lockgate.exchange;

import io.lockgate.http.WebSocketFrames;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What a client hears of a WebSocket's server, and how the proxy takes leave of both: by a Close
 * frame of its own between two frames of the server (RFC 6455 section 7.1.2). The client answers it
 * with one that reaches the server, which then closes as it would for any client. On the exchange's
 * event loop.
 *
 * <pre>
 *   OPEN -close-> LEAVING -end of the server's frame-> LEFT -either side ends, or grace-> over
 * </pre>
 */
final class Tunnel extends Deadline {
  /** How long both sides may take to end it, once the client has been told. */
  private static final long GRACE_NANOS = 5_000_000_000L;

  /** A Close frame with the code 1001, going away. */
  private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 3, (byte) 0xe9};

  private enum State {
    OPEN,
    /** The server is in the middle of a frame. */
    LEAVING,
    /** The client was told; nothing that the server says may follow. */
    LEFT
  }

  private final Exchange exchange;
  private final Deadlines deadlines;
  private final WebSocketFrames frames = new WebSocketFrames();
  private State state = State.OPEN;

  Tunnel(Exchange exchange, Deadlines deadlines) {
    this.exchange = exchange;
    this.deadlines = deadlines;
  }

  /** Octets of the server; takes them over. */
  void data(ByteBuf data) {
    switch (state) {
      case OPEN -> {
        frames.follow(data);
        exchange.passToClient(data);
      }
      case LEAVING -> {
        int whole = frames.followToBorder(data);
        exchange.passToClient(data.readRetainedSlice(whole));
        data.release();
        if (frames.atBorder()) {
          leave();
        }
      }
      case LEFT -> data.release();
    }
  }

  /** Takes leave as soon as the server has said its frame to the end. */
  void close() {
    if (state != State.OPEN) {
      return;
    }
    if (frames.atBorder()) {
      leave();
    } else {
      state = State.LEAVING;
    }
  }

  private void leave() {
    state = State.LEFT;
    deadlines.arm(this, GRACE_NANOS);
    if (!frames.closing()) {
      exchange.passToClient(Unpooled.wrappedBuffer(GOING_AWAY));
    }
  }

  /** It is over. */
  void end() {
    deadlines.disarm(this);
  }

  @Override
  protected void expired() {
    exchange.endTunnel(Failure.DRAINED);
  }
}

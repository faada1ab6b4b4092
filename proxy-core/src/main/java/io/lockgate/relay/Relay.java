package io.lockgate.relay;

import io.lockgate.client.ClientConnection;
import io.lockgate.client.CloseRequest;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Deadlines;
import io.lockgate.loop.SocketState;
import io.lockgate.tls.TlsTimeout;
import io.lockgate.upstream.RawConnection;
import io.lockgate.upstream.RawEvents;
import io.lockgate.upstream.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A client and a server whose bytes are handed to and fro, for as long as both want. Each direction
 * ends by itself; what a side says by ending (nothing follows, or: this was not all) the other one
 * is told likewise. Never looks at what passes. On the client's event loop.
 *
 * <pre>
 *   CONNECTING -connected-> FLOWING -one side closed-> LINGERING -> ENDED
 *   CONNECTING -not connected, client gone without a word-> ENDED
 * </pre>
 */
public final class Relay implements RawEvents {
  /** How long the side that is left may take to end, after the other one is gone. */
  private static final Duration LINGER = Duration.ofSeconds(30);

  /** How often it is looked whether a side that has ended its half is still there at all. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** A fatal alert in a record of its own: internal_error (RFC 8446 section 6.2). */
  private static final byte[] INTERNAL_ERROR = {21, 3, 3, 0, 2, 2, 80};

  private final RelayTerms terms;
  private final RelaySide client;
  private final RelayListener.Meter meter;
  private final long startNanos;
  private final Quiet quiet = new Quiet();
  private final HalfClosed halfClosed = new HalfClosed();
  private Optional<RawConnection> upstream = Optional.empty();
  private RelaySide server;
  private State state = State.CONNECTING;
  private RelayEnd end = RelayEnd.CLOSED;
  private Optional<Deadline> drain = Optional.empty();
  private String failedServer = "";
  private long connectNanos;
  private long bytesIn;
  private long bytesOut;

  private Relay(RelayTerms terms, Channel channel) {
    this.terms = terms;
    this.client = new RelaySide(this, channel, !terms.passthrough());
    this.startNanos = terms.loop().nanoTime();
    this.meter = terms.events().started(terms.host().label(), terms.mode());
  }

  private enum State {
    CONNECTING,
    FLOWING,
    LINGERING,
    ENDED
  }

  /**
   * Begins to relay.
   *
   * @param connection the client's, which is asked to end by it
   * @param received what the client has sent so far; taken over
   */
  public static void start(
      RelayTerms terms, ClientConnection connection, Channel channel, ByteBuf received) {
    Relay relay = new Relay(terms, channel);
    relay.client.received(received);
    if (terms.passthrough()) {
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    channel.pipeline().addLast(relay.client);
    connection.onClose(relay::close);
    terms.target().pool().connect(terms.loop(), relay, terms.client(), terms.startTls());
  }

  // ---- connecting

  @Override
  public boolean wanted() {
    return state == State.CONNECTING;
  }

  @Override
  public void connected(RawConnection connection) {
    if (state != State.CONNECTING) {
      connection.channel().close();
      return;
    }
    state = State.FLOWING;
    upstream = Optional.of(connection);
    connectNanos = terms.loop().nanoTime() - startNanos;
    boolean encrypted = terms.target().pool().security().isPresent();
    server = new RelaySide(this, connection.channel(), encrypted);
    server.join(client);
    client.join(server);
    connection.channel().pipeline().addLast(server);
    touched();
    client.begin();
    if (client.inputEnded()) {
      deadlines().arm(halfClosed, LOOK);
    }
    if (!client.channel().isActive()) {
      linger(server);
    }
  }

  @Override
  public void notOpened(UpstreamFailure failure, String label) {
    if (state != State.CONNECTING) {
      return;
    }
    failedServer = label;
    finish(failure.name().toLowerCase(Locale.ROOT));
    Channel channel = client.channel();
    if (terms.passthrough()) {
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(INTERNAL_ERROR))
          .addListener(ChannelFutureListener.CLOSE);
    } else {
      // An orderly end would say that the server had nothing to say.
      client.breakOff(true);
    }
  }

  // ---- flowing

  void passed(RelaySide from, int bytes) {
    if (from == client) {
      bytesIn += bytes;
      meter.fromClient(bytes);
    } else {
      bytesOut += bytes;
      meter.fromServer(bytes);
    }
  }

  void touched() {
    if (state == State.FLOWING) {
      deadlines().arm(quiet, terms.target().config().idleTimeout());
    }
  }

  /** Nothing more comes from a side. */
  void inputEnded(RelaySide side) {
    if (state == State.CONNECTING || state == State.ENDED) {
      return;
    }
    RelaySide other = other(side);
    if (side.broken()) {
      brokeOff(side, other);
    } else {
      other.endOutput();
      deadlines().arm(halfClosed, LOOK);
    }
  }

  private void brokeOff(RelaySide side, RelaySide other) {
    if (end == RelayEnd.CLOSED && !other.inputEnded()) {
      end = side == client ? RelayEnd.CLIENT_BROKE_OFF : RelayEnd.SERVER_BROKE_OFF;
    }
    // With TLS between the ends its missing end says it, and loses nothing that is on its way.
    other.breakOff(!terms.passthrough() && !other.encrypted());
    side.channel().close();
  }

  /** Both directions may be over now. */
  void outputFinished() {
    if (state == State.LINGERING) {
      deadlines().arm(quiet, LINGER);
    }
    if (server != null
        && client.inputEnded()
        && server.inputEnded()
        && client.outputFinished()
        && server.outputFinished()) {
      client.channel().close();
      server.channel().close();
    }
  }

  void sideClosed(RelaySide side) {
    switch (state) {
      case CONNECTING -> {
        // Who sent all and left in order may rely on it that the server gets it.
        if (side.broken() || !side.holds()) {
          finish(RelayEnd.CLIENT_CLOSED.label());
        }
      }
      case FLOWING -> linger(other(side));
      case LINGERING -> finish(end.label());
      case ENDED -> {}
    }
  }

  private void linger(RelaySide left) {
    if (left.channel().isActive()) {
      state = State.LINGERING;
      left.ignoreInput();
      deadlines()
          .arm(quiet, left.outputFinished() ? LINGER : terms.target().config().idleTimeout());
    } else {
      finish(end.label());
    }
  }

  private RelaySide other(RelaySide side) {
    return side == client ? server : client;
  }

  // ---- ending

  private void close(CloseRequest request) {
    if (state == State.ENDED) {
      return;
    }
    Duration patience = terms.drainTimeout().get();
    if (request == CloseRequest.GRACEFUL && !patience.isZero()) {
      if (drain.isEmpty()) {
        drain = Optional.of(new Drain());
        deadlines().arm(drain.get(), patience);
      }
    } else {
      closeBoth(RelayEnd.DRAINED);
    }
  }

  private void closeBoth(RelayEnd why) {
    end = why;
    client.channel().close();
    if (server != null) {
      server.channel().close();
    } else if (state == State.CONNECTING) {
      finish(why.label());
    }
  }

  private void finish(String result) {
    state = State.ENDED;
    client.drop();
    if (server != null) {
      server.drop();
    }
    deadlines().disarm(quiet);
    deadlines().disarm(halfClosed);
    drain.ifPresent(deadlines()::disarm);
    terms
        .events()
        .ended(
            new RelaySummary(
                terms.listener(),
                terms.host().label(),
                terms.mode(),
                terms.client().clientAddress(),
                terms.tls(),
                terms.sni(),
                terms.target().pool().name(),
                upstream.map(RawConnection::server).orElse(failedServer),
                connectNanos,
                terms.loop().nanoTime() - startNanos,
                bytesIn,
                bytesOut,
                result));
  }

  private Deadlines deadlines() {
    return terms.loop().deadlines();
  }

  /** Nothing passes. */
  private final class Quiet extends Deadline {
    @Override
    protected void expired() {
      if (state == State.LINGERING) {
        RelaySide left = client.channel().isActive() ? client : server;
        closeBoth(left.outputFinished() || end != RelayEnd.CLOSED ? end : RelayEnd.IDLE_TIMEOUT);
        return;
      }
      TlsTimeout.tell(client.channel());
      if (server != null) {
        TlsTimeout.tell(server.channel());
      }
      closeBoth(RelayEnd.IDLE_TIMEOUT);
    }
  }

  /**
   * A side has said that nothing follows. What a transport tells after that of a reset is nothing:
   * it has no read to fail. The system is asked instead.
   */
  private final class HalfClosed extends Deadline {
    @Override
    protected void expired() {
      if (state != State.FLOWING) {
        return;
      }
      if (client.inputEnded() && SocketState.gone(client.channel())) {
        brokeOff(client, server);
      } else if (server.inputEnded() && SocketState.gone(server.channel())) {
        brokeOff(server, client);
      } else {
        deadlines().arm(this, LOOK);
      }
    }
  }

  /** Was asked to end, and had its time. */
  private final class Drain extends Deadline {
    @Override
    protected void expired() {
      closeBoth(RelayEnd.DRAINED);
    }
  }
}

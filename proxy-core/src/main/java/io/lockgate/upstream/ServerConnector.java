package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.loop.Deadline;
import io.lockgate.tls.UpstreamTls.Offer;
import io.lockgate.tls.UpstreamTlsFailure;
import io.lockgate.tls.UpstreamTlsHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;

/**
 * Opens connections to servers that somebody else has chosen: TCP, TLS where the upstream asks for
 * it, then whichever protocol was settled on, all within the connect timeout. Neither keeps
 * connections nor counts them against bounds, and never tries another server. One per upstream and
 * event loop, on that loop.
 */
final class ServerConnector {
  private final LoopConnections owner;
  private final Dialer dialer;
  private final Protocol protocol;

  ServerConnector(LoopConnections owner, Dialer dialer) {
    this.owner = owner;
    this.dialer = dialer;
    this.protocol = owner.pool().config().protocol();
  }

  /** Hears exactly once what became of an attempt. */
  interface Outcome {
    /** The server has accepted the connection, of which there may be more to come. */
    default void accepted() {}

    void connected(UpstreamConnection connection);

    /** Nothing was sent and nothing is left open. */
    void notConnected(ServerSlot slot, UpstreamFailure failure, String reason);
  }

  /** Connects; the outcome may be told before this returns. */
  ConnectAttempt connect(ServerSlot slot, RequestFacts facts, Offer offer, Outcome outcome) {
    boolean tls = owner.pool().security().isPresent();
    if (tls || protocol == Protocol.H2) {
      Opening opening = new Opening(slot, facts, offer, outcome, tls);
      opening.begin();
      return opening;
    }
    var connection = new Http1UpstreamConnection(owner, slot, announced(facts));
    ChannelFuture future = dialer.dial(slot.server, behindHeader(facts, connection));
    whenDone(
        future,
        () -> {
          if (future.isSuccess()) {
            outcome.connected(connection);
          } else {
            outcome.notConnected(slot, failure(future.cause()), reason(future.cause()));
          }
        });
    return future.channel()::close;
  }

  /** Connects for bytes that nobody here looks at. */
  ConnectAttempt connectRaw(
      ServerSlot slot, RequestFacts facts, boolean postgres, Outcome outcome) {
    RawOpening opening = new RawOpening(owner, slot, header(facts), postgres, outcome);
    opening.begin(dialer);
    return opening;
  }

  private Announcement announced(RequestFacts facts) {
    return owner.pool().announces() ? facts.announcement() : Announcement.OF_NOBODY;
  }

  private byte[] header(RequestFacts facts) {
    return owner.pool().announces()
        ? facts.announcement().encoded(owner.pool().config().sendProxyProtocol())
        : ConnectionPreface.NO_HEADER;
  }

  private ChannelHandler behindHeader(RequestFacts facts, ChannelHandler handler) {
    return owner.pool().announces() ? ConnectionPreface.before(header(facts), handler) : handler;
  }

  static void whenDone(ChannelFuture future, Runnable action) {
    if (future.isDone()) {
      action.run();
    } else {
      future.addListener(done -> action.run());
    }
  }

  static UpstreamFailure failure(Throwable cause) {
    return cause instanceof ConnectTimeoutException
        ? UpstreamFailure.CONNECT_TIMEOUT
        : UpstreamFailure.CONNECT_FAILED;
  }

  static String reason(Throwable cause) {
    return String.valueOf(cause.getMessage());
  }

  /**
   * A connection on its way through more than TCP; also the deadline for all of it.
   *
   * <pre>
   *   TCP -> [TLS] -> HTTP/1.1
   *               -> HTTP/2 -settings-> ready
   * </pre>
   */
  private final class Opening extends Deadline
      implements ConnectAttempt, UpstreamTlsHandler.Outcome, Http2UpstreamConnection.Readiness {
    private final ServerSlot slot;
    private final RequestFacts facts;
    private final Offer offer;
    private final Outcome outcome;
    private final boolean tls;
    private Channel channel;
    private UpstreamTlsHandler handshake;
    private boolean secured;
    private boolean over;

    Opening(ServerSlot slot, RequestFacts facts, Offer offer, Outcome outcome, boolean tls) {
      this.slot = slot;
      this.facts = facts;
      this.offer = offer;
      this.outcome = outcome;
      this.tls = tls;
    }

    void begin() {
      owner.loop().deadlines().arm(this, owner.pool().config().connectTimeout());
      ChannelFuture future =
          dialer.dial(
              slot.server, tls ? tlsFirst() : Http2UpstreamBuilder.build(owner, slot, this));
      channel = future.channel();
      whenDone(
          future,
          () -> {
            if (future.isSuccess()) {
              outcome.accepted();
            } else {
              fail(failure(future.cause()), reason(future.cause()));
            }
          });
    }

    private ChannelHandler tlsFirst() {
      return new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel fresh) {
          if (owner.pool().announces()) {
            fresh.pipeline().addLast(new ConnectionPreface(header(facts)));
          }
          handshake = owner.pool().secure(fresh, slot.server, offer, Opening.this);
        }
      };
    }

    @Override
    public void secured(UpstreamTlsHandler.Settled settled) {
      if (over) {
        channel.close();
        return;
      }
      secured = true;
      if (settled.alpn().equals("h2")) {
        slot.http1 = false;
        channel.pipeline().addLast(Http2UpstreamBuilder.build(owner, slot, this));
      } else if (protocol == Protocol.H2) {
        channel.close();
        fail(UpstreamFailure.WRONG_PROTOCOL, "the server does not speak h2 by ALPN");
      } else {
        slot.http1 |= offer == Offer.ALL;
        finish();
        var connection = new Http1UpstreamConnection(owner, slot, announced(facts));
        channel.pipeline().addLast(connection);
        outcome.connected(connection);
      }
    }

    @Override
    public void ready(Http2UpstreamConnection connection) {
      if (over) {
        connection.close();
        return;
      }
      finish();
      outcome.connected(connection);
    }

    @Override
    public void unready(String reason) {
      fail(UpstreamFailure.WRONG_PROTOCOL, reason);
    }

    @Override
    public void refused(UpstreamTlsFailure failure) {
      fail(
          switch (failure.kind()) {
            case VERIFY_FAILED -> UpstreamFailure.TLS_VERIFY_FAILED;
            case HANDSHAKE_FAILED ->
                offer == Offer.ALL
                    ? UpstreamFailure.TLS_HANDSHAKE_FAILED
                    : UpstreamFailure.WEBSOCKET_NOT_OFFERED;
          },
          failure.sentence());
    }

    @Override
    protected void expired() {
      String what =
          !channel.isActive()
              ? "the connection"
              : tls && !secured ? "the TLS handshake" : "the server's first word of HTTP/2";
      fail(UpstreamFailure.CONNECT_TIMEOUT, what + " took too long");
      if (handshake != null && !secured) {
        handshake.timedOut(channel);
      } else {
        channel.close();
      }
    }

    private void fail(UpstreamFailure failure, String reason) {
      if (!over) {
        finish();
        outcome.notConnected(slot, failure, reason);
      }
    }

    @Override
    public void abandon() {
      finish();
      channel.close();
    }

    private void finish() {
      over = true;
      owner.loop().deadlines().disarm(this);
    }
  }
}

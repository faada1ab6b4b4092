package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.loop.Deadline;
import io.lockgate.tls.UpstreamTlsFailure;
import io.lockgate.tls.UpstreamTlsHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import java.util.Optional;

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
  private final Optional<UpstreamSecurity> security;

  ServerConnector(LoopConnections owner, Dialer dialer) {
    this.owner = owner;
    this.dialer = dialer;
    this.protocol = owner.pool().config().protocol();
    this.security = owner.pool().security();
  }

  /** Hears exactly once what became of an attempt. */
  interface Outcome {
    void connected(UpstreamConnection connection);

    /** Nothing was sent and nothing is left open. */
    void notConnected(UpstreamFailure failure, String reason);
  }

  /** Connects; the outcome may be told before this returns. */
  void connect(ServerSlot slot, Outcome outcome) {
    if (security.isPresent()) {
      new TlsAttempt(slot, outcome, security.get()).begin();
      return;
    }
    UpstreamConnection connection = speaking(protocol, slot);
    ChannelFuture future = dialer.dial(slot.server, (ChannelHandler) connection);
    whenDone(
        future,
        () -> {
          if (future.isSuccess()) {
            outcome.connected(connection);
          } else {
            outcome.notConnected(failure(future.cause()), reason(future.cause()));
          }
        });
  }

  private UpstreamConnection speaking(Protocol settled, ServerSlot slot) {
    return new Http1UpstreamConnection(owner, slot);
  }

  private static void whenDone(ChannelFuture future, Runnable action) {
    if (future.isDone()) {
      action.run();
    } else {
      future.addListener(done -> action.run());
    }
  }

  private static UpstreamFailure failure(Throwable cause) {
    return cause instanceof ConnectTimeoutException
        ? UpstreamFailure.CONNECT_TIMEOUT
        : UpstreamFailure.CONNECT_FAILED;
  }

  private static String reason(Throwable cause) {
    return String.valueOf(cause.getMessage());
  }

  /** One connection on its way through TCP and TLS; also the deadline for both together. */
  private final class TlsAttempt extends Deadline implements UpstreamTlsHandler.Outcome {
    private final ServerSlot slot;
    private final Outcome outcome;
    private final UpstreamSecurity with;
    private Channel channel;
    private UpstreamTlsHandler handshake;
    private boolean over;

    TlsAttempt(ServerSlot slot, Outcome outcome, UpstreamSecurity with) {
      this.slot = slot;
      this.outcome = outcome;
      this.with = with;
    }

    void begin() {
      owner.loop().deadlines().arm(this, owner.pool().config().connectTimeout());
      ChannelFuture future = dialer.dial(slot.server, initializer());
      channel = future.channel();
      whenDone(
          future,
          () -> {
            if (!future.isSuccess()) {
              fail(failure(future.cause()), reason(future.cause()));
            }
          });
    }

    private ChannelHandler initializer() {
      return new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel fresh) {
          handshake =
              with.tls()
                  .secure(
                      fresh,
                      slot.server.host(),
                      slot.server.port(),
                      TlsAttempt.this,
                      with.listener());
        }
      };
    }

    @Override
    public void secured(UpstreamTlsHandler.Settled settled) {
      if (over) {
        channel.close();
        return;
      }
      finish();
      UpstreamConnection connection = speaking(spoken(settled.alpn()), slot);
      channel.pipeline().addLast((ChannelHandler) connection);
      outcome.connected(connection);
    }

    private Protocol spoken(String alpn) {
      return alpn.equals("h2") ? Protocol.H2 : Protocol.HTTP_1_1;
    }

    @Override
    public void refused(UpstreamTlsFailure failure) {
      fail(
          switch (failure.kind()) {
            case VERIFY_FAILED -> UpstreamFailure.TLS_VERIFY_FAILED;
            case HANDSHAKE_FAILED -> UpstreamFailure.TLS_HANDSHAKE_FAILED;
          },
          failure.sentence());
    }

    @Override
    protected void expired() {
      boolean connected = channel.isActive();
      if (handshake != null) {
        handshake.timedOut(channel);
      } else {
        channel.close();
      }
      fail(
          UpstreamFailure.CONNECT_TIMEOUT,
          connected ? "the TLS handshake took too long" : "the connection took too long");
    }

    private void fail(UpstreamFailure failure, String reason) {
      if (!over) {
        finish();
        outcome.notConnected(failure, reason);
      }
    }

    private void finish() {
      over = true;
      owner.loop().deadlines().disarm(this);
    }
  }
}

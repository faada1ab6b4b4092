package io.lockgate.upstream;

import io.lockgate.loop.Deadline;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsFailure;
import io.lockgate.tls.UpstreamTlsHandler;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;

/**
 * A connection for bytes on its way; also the deadline for all of it. On its event loop.
 *
 * <pre>
 *   TCP -> [SSLRequest of PostgreSQL] -> [TLS] -> ready
 * </pre>
 */
final class RawOpening extends Deadline
    implements ConnectAttempt, UpstreamTlsHandler.Outcome, PostgresRequest.Outcome {
  /**
   * Grows to large pieces for servers that send much without a pause: what a piece costs beside its
   * bytes is then paid seldom. Never smaller than what most handshakes send at once.
   */
  private static final RecvByteBufAllocator PIECES =
      new AdaptiveRecvByteBufAllocator(2048, 4096, 256 * 1024);

  private final LoopConnections owner;
  private final ServerSlot slot;
  private final byte[] header;
  private final boolean postgres;
  private final boolean tls;
  private final ServerConnector.Outcome outcome;
  private Channel channel;
  private UpstreamTlsHandler handshake;
  private boolean over;

  RawOpening(
      LoopConnections owner,
      ServerSlot slot,
      byte[] header,
      boolean postgres,
      ServerConnector.Outcome outcome) {
    this.owner = owner;
    this.slot = slot;
    this.header = header;
    this.postgres = postgres;
    this.tls = owner.pool().security().isPresent();
    this.outcome = outcome;
  }

  void begin(Dialer dialer) {
    owner.loop().deadlines().arm(this, owner.pool().config().connectTimeout());
    ChannelFuture future =
        dialer.dial(
            slot.server,
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel fresh) {
                prepare(fresh);
              }
            });
    channel = future.channel();
    ServerConnector.whenDone(
        future,
        () -> {
          if (!future.isSuccess()) {
            fail(ServerConnector.failure(future.cause()), ServerConnector.reason(future.cause()));
            return;
          }
          outcome.accepted();
          if (!tls && !postgres) {
            ready();
          }
        });
  }

  private void prepare(Channel fresh) {
    // The server may end its half and still want to hear the rest.
    fresh.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, !tls);
    fresh.config().setRecvByteBufAllocator(PIECES);
    if (header.length > 0) {
      fresh.pipeline().addLast(new ConnectionPreface(header));
    }
    if (postgres) {
      fresh.pipeline().addLast(new PostgresRequest(this));
    }
    if (tls) {
      handshake = owner.pool().secure(fresh, slot.server, UpstreamTls.Offer.ALL, this);
    }
    if (tls || postgres) {
      // A turn later: whoever closes for a better reason tells it right after.
      fresh.closeFuture().addListener(closed -> owner.loop().executor().execute(this::closedEarly));
    }
  }

  private void closedEarly() {
    fail(UpstreamFailure.CONNECT_FAILED, "the server closed the connection at once");
  }

  @Override
  public void granted() {
    if (!tls) {
      ready();
    }
  }

  @Override
  public void declined(String reason) {
    channel.close();
    fail(UpstreamFailure.TLS_HANDSHAKE_FAILED, reason);
  }

  @Override
  public void secured(UpstreamTlsHandler.Settled settled) {
    ready();
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
    fail(
        UpstreamFailure.CONNECT_TIMEOUT,
        (channel.isActive() && tls ? "the TLS handshake" : "the connection") + " took too long");
    if (handshake != null) {
      handshake.timedOut(channel);
    } else {
      channel.close();
    }
  }

  private void ready() {
    if (over) {
      channel.close();
      return;
    }
    finish();
    outcome.connected(new RawConnection(owner, slot, channel));
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

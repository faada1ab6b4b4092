package io.lockgate.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;

/**
 * Opens connections to servers that somebody else has chosen. Neither keeps connections nor counts
 * them against bounds, and never tries another server. One per upstream and event loop, on that
 * loop.
 */
final class ServerConnector {
  private final LoopConnections owner;
  private final Dialer dialer;

  ServerConnector(LoopConnections owner, Dialer dialer) {
    this.owner = owner;
    this.dialer = dialer;
  }

  /** Hears exactly once what became of an attempt. */
  interface Outcome {
    void connected(UpstreamConnection connection);

    /** Nothing was sent and nothing is left open. */
    void notConnected(UpstreamFailure failure, String reason);
  }

  /** Connects; the outcome may be told before this returns. */
  void connect(ServerSlot slot, Outcome outcome) {
    var connection = new Http1UpstreamConnection(owner, slot);
    ChannelFuture future = dialer.dial(slot.server, connection);
    if (future.isDone()) {
      tcpDone(connection, future, outcome);
    } else {
      future.addListener(done -> tcpDone(connection, future, outcome));
    }
  }

  private static void tcpDone(
      UpstreamConnection connection, ChannelFuture future, Outcome outcome) {
    if (future.isSuccess()) {
      outcome.connected(connection);
      return;
    }
    boolean timeout = future.cause() instanceof ConnectTimeoutException;
    outcome.notConnected(
        timeout ? UpstreamFailure.CONNECT_TIMEOUT : UpstreamFailure.CONNECT_FAILED,
        String.valueOf(future.cause().getMessage()));
  }
}

package io.lockgate.tls;

import io.netty.channel.Channel;

/** Takes over a connection whose handshake has succeeded. */
@FunctionalInterface
public interface SecuredConnection {

  /**
   * Called once, on the event loop, before any application data is passed on: handlers added last
   * to the pipeline here see all of it.
   */
  void secured(Channel channel, TlsFacts facts, TlsDecision.Serve decision);
}

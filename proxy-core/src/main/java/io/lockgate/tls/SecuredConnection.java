package io.lockgate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** Takes over a connection whose handshake has succeeded, or is none of ours. */
@FunctionalInterface
public interface SecuredConnection {

  /**
   * Called once, on the event loop, before any application data is passed on: handlers added last
   * to the pipeline here see all of it.
   */
  void secured(Channel channel, TlsFacts facts, TlsDecision.Serve decision);

  /**
   * Called once, on the event loop, for a connection whose TLS ends elsewhere; the pipeline holds
   * no handler of ours any more.
   *
   * @param received all bytes so far, which the receiver owns
   */
  default void passedThrough(
      Channel channel, ClientHello hello, TlsDecision.PassThrough decision, ByteBuf received) {
    received.release();
    channel.close();
  }
}

package io.lockgate.listen;

import io.lockgate.tls.TlsEntrance;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The first handler of a TLS connection: waits for the whole ClientHello, has it decided how the
 * connection is served, and makes way for the engine in the same turn of the event loop.
 */
public final class HelloHandler extends ChannelInboundHandlerAdapter {

  public HelloHandler(TlsEntrance entrance) {
    throw new UnsupportedOperationException();
  }
}

package io.lockgate.tls;

import io.netty.buffer.ByteBuf;

/**
 * Reads one ClientHello out of the TLS records at the start of a connection, however they are cut
 * into segments and records. One per connection; remembers how far it has read, so that no byte is
 * looked at twice.
 */
public final class ClientHelloReader {

  /**
   * @param cumulation everything received so far; neither consumed nor kept
   */
  public HelloReading read(ByteBuf cumulation) {
    throw new UnsupportedOperationException();
  }
}

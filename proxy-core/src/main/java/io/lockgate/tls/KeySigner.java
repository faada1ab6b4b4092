package io.lockgate.tls;

import java.util.concurrent.CompletionStage;

/**
 * Signs handshakes with a private key that the TLS library is not given, because it is kept
 * elsewhere. However long that takes, only the handshakes that wait for a signature wait.
 */
@FunctionalInterface
public interface KeySigner {

  /**
   * Called by a worker, which must not be held for long. May be answered on any thread; a failure
   * ends the handshake. An answer after the connection has gone is of no consequence.
   *
   * @param scheme a code point of RFC 8446 section 4.2.3
   * @param message to be signed, not hashed yet
   */
  CompletionStage<byte[]> sign(int scheme, byte[] message);
}

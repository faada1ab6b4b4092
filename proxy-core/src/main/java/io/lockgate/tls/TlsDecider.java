package io.lockgate.tls;

/** Decides from the ClientHello how, and whether, a connection is served. */
@FunctionalInterface
public interface TlsDecider {

  /**
   * Called on the connection's event loop and acted on in the same turn of it: what the decision
   * holds may be given up as soon as that turn has ended.
   */
  TlsDecision decide(ClientHello hello);
}

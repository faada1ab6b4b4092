package io.lockgate.tls;

import io.lockgate.tls.TlsListener.How;

/** Observes the TLS of connections to servers, on any event loop. */
public interface UpstreamTlsListener {
  UpstreamTlsListener NONE = new UpstreamTlsListener() {};

  /**
   * A handshake is over.
   *
   * @param result {@code ok} or the label of a failure
   * @param resumed {@code full}, {@code ticket} or {@code cache}
   */
  default void handshakeEnded(String result, String resumed) {}

  /** A connection whose handshake had succeeded is gone. */
  default void closed(How how) {}
}

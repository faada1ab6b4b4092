package io.lockgate.tls;

import io.lockgate.pki.Identity;

/** Observes handshakes and closes of the connections of one event loop, on that loop. */
public interface TlsListener {
  TlsListener NONE = new TlsListener() {};

  /**
   * @param nanos from the first byte of the ClientHello to the end of the handshake
   */
  default void handshakeSucceeded(String listener, TlsFacts facts, long nanos) {}

  /**
   * What we signed a full handshake with; told before {@link #handshakeSucceeded}.
   *
   * @param algorithm its name in RFC 8446 section 4.2.3
   */
  default void handshakeSigned(String algorithm) {}

  /** A full handshake succeeded, by this certificate. */
  default void certificateServed(Identity identity) {}

  /**
   * A full handshake succeeded whose client had asked for an OCSP response.
   *
   * @param certificate the configuration's name of the certificate
   */
  default void stapled(String certificate, StapleResult result) {}

  default void handshakeFailed(FailedHandshake failed) {}

  default void closed(Side side, How how) {}

  /**
   * The engines of this loop took processor time.
   *
   * @param nanos an estimate: what was measured, times what it stands for
   */
  default void engineRan(EngineTime.Phase phase, long nanos) {}

  /** Whose connection was closed. */
  enum Side {
    CLIENT,
    UPSTREAM
  }

  /** How a TLS connection ended. */
  enum How {
    CLOSE_NOTIFY,
    TRUNCATED,
    RESET,
    TIMEOUT,
    ERROR
  }
}

package io.lockgate.tls;

/** The outcome of looking at a ClientHello. */
public sealed interface TlsDecision {

  /**
   * Terminate TLS.
   *
   * @param host label of the configured host
   * @param match the host that answers, and why
   * @param staple the OCSP response of the identity
   */
  record Serve(ServerTls tls, String host, SniMatch<? extends TlsHost> match, Staple staple)
      implements TlsDecision {

    public TlsTerms terms() {
      return tls.terms();
    }
  }

  /**
   * Forward everything as it came, the ClientHello first.
   *
   * @param host label of the configured host
   * @param match the host that answers, and why
   */
  record PassThrough(String host, SniMatch<? extends TlsHost> match) implements TlsDecision {}

  /**
   * Answer with the alert of the failure, then close.
   *
   * @param host label of the configured host, or {@code other}
   * @param detail a sentence for people
   */
  record Refuse(HandshakeFailure failure, String host, String detail) implements TlsDecision {}
}

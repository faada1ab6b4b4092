package io.lockgate.tls;

/** A configured host as the handshake sees it; immutable, read by every event loop. */
public interface TlsHost {

  /** The name under which the host is configured; also its metric label. */
  String label();

  TlsTerms terms();

  /** Whether TLS ends elsewhere; of the terms only the protocols count then. */
  default boolean passthrough() {
    return false;
  }
}

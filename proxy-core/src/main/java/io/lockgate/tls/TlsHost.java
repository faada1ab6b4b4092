package io.lockgate.tls;

import io.lockgate.pki.Identity;
import java.util.List;

/** A configured host as the handshake sees it; immutable, read by every event loop. */
public interface TlsHost {

  /** The name under which the host is configured; also its metric label. */
  String label();

  /**
   * The identities that cover a name, the preferred one of each kind of key first.
   *
   * @param serverName as the client sent it; empty without SNI
   */
  List<Identity> identities(String serverName);

  TlsTerms terms();

  /** Whether TLS ends elsewhere; of the terms only the protocols count then. */
  default boolean passthrough() {
    return false;
  }
}

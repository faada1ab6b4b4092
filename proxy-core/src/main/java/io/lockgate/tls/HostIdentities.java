package io.lockgate.tls;

import io.lockgate.pki.Identity;
import java.util.List;

/**
 * Which identities serve a host. Not a matter of the host itself, so that it stays the same while
 * certificates are renewed. Immutable, pure; asked by every event loop.
 */
@FunctionalInterface
public interface HostIdentities<H> {

  /**
   * The identities that cover a name, the preferred one of each kind of key first.
   *
   * @param serverName as the client sent it; empty without SNI
   */
  List<Identity> of(H host, String serverName);
}

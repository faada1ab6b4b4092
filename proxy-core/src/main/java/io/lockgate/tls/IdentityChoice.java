package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.pki.Identity;
import java.util.List;
import java.util.Optional;

/** Chooses among the identities that cover a name the one that the client can verify. */
public final class IdentityChoice {
  private IdentityChoice() {}

  /**
   * The cheapest identity that the client can verify: ECDSA before Ed25519 before RSA.
   *
   * @return empty where the client can verify none
   */
  public static Optional<Identity> choose(
      ClientHello hello, TlsPolicy policy, List<Identity> identities) {
    throw new UnsupportedOperationException();
  }
}

package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.pki.Identity;
import io.lockgate.pki.KeyKind;
import java.util.List;
import java.util.Optional;

/** Chooses among the identities that cover a name the one that the client can verify. */
public final class IdentityChoice {
  private IdentityChoice() {}

  /**
   * The identity that costs least among those that the client can verify: ECDSA before Ed25519
   * before RSA, and the first of the list among equals.
   *
   * @return empty where the client can verify none
   */
  public static Optional<Identity> choose(
      ClientHello hello, TlsPolicy policy, List<Identity> identities) {
    OfferedTerms offered = new OfferedTerms(hello, policy);
    Optional<Identity> best = Optional.empty();
    int bestRank = Integer.MAX_VALUE;
    for (Identity identity : identities) {
      int rank = rank(identity.keyKind());
      if (rank < bestRank && offered.verifies(identity.keyKind())) {
        best = Optional.of(identity);
        bestRank = rank;
      }
    }
    return best;
  }

  /** By the server's cost of a signature. */
  private static int rank(KeyKind kind) {
    return switch (kind) {
      case EC_P256 -> 0;
      case ED25519 -> 1;
      case EC_P384 -> 2;
      case RSA -> 3;
      case EC_P521 -> 4;
    };
  }
}

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
   * The identity that costs least among those that the client can verify and the policy lets sign:
   * ECDSA before Ed25519 before RSA, and the first of the list among equals.
   *
   * @return empty where there is none, which {@link #refusal} explains
   */
  public static Optional<Identity> choose(
      ClientHello hello, TlsPolicy policy, List<Identity> identities) {
    OfferedTerms offered = new OfferedTerms(hello, policy);
    Optional<Identity> best = Optional.empty();
    int bestRank = Integer.MAX_VALUE;
    for (Identity identity : identities) {
      int rank = rank(identity.keyKind());
      KeyKind kind = identity.keyKind();
      if (rank < bestRank && offered.verifies(kind) && offered.permits(kind)) {
        best = Optional.of(identity);
        bestRank = rank;
      }
    }
    return best;
  }

  /** Why none of the identities could be chosen, in a sentence. */
  static String refusal(ClientHello hello, TlsPolicy policy, List<Identity> identities) {
    if (hello.signatureAlgorithms().isEmpty()) {
      return "The client names no signature algorithm (RFC 9155 section 2).";
    }
    OfferedTerms offered = new OfferedTerms(hello, policy);
    for (Identity identity : identities) {
      if (offered.verifies(identity.keyKind())) {
        return "Signed so that the client can verify it (%s), the handshake breaks the policy %s."
            .formatted(offered.signature(identity.keyKind()).orElseThrow().label(), policy.name());
      }
    }
    return "The client cannot verify any of the host's kinds of certificate; it offers %s."
        .formatted(hello.signatureAlgorithms());
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

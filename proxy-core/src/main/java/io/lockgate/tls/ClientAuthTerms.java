package io.lockgate.tls;

import io.lockgate.config.model.ClientAuthConfig;
import io.lockgate.config.model.ClientAuthConfig.Forward;
import io.lockgate.pki.ClientVerifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a host demands of the certificates of its clients. Equal demands share native contexts.
 *
 * @param revocations the files that say what is revoked, whatever stands in them today
 * @param forward what upstreams are told of the certificate
 */
public record ClientAuthTerms(
    Demand demand,
    Optional<ClientVerifier> verifier,
    List<String> revocations,
    List<Forward> forward) {

  /** No certificate is asked for. */
  public static final ClientAuthTerms NONE =
      new ClientAuthTerms(Demand.NONE, Optional.empty(), List.of(), List.of());

  public ClientAuthTerms {
    revocations = List.copyOf(revocations);
    forward = List.copyOf(forward);
    if (verifier.isPresent() == (demand == Demand.NONE)) {
      throw new IllegalArgumentException("nobody verifies what is asked for");
    }
  }

  /** What a host is configured to demand. */
  public static ClientAuthTerms of(ClientAuthConfig config, ClientVerifier verifier) {
    return new ClientAuthTerms(
        config.mode() == ClientAuthConfig.Mode.REQUIRED ? Demand.REQUIRED : Demand.OPTIONAL,
        Optional.of(verifier),
        config.crls().stream().map(Path::toString).toList(),
        config.forward());
  }

  /** Whether a certificate is asked for. */
  public enum Demand {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  public boolean asks() {
    return demand != Demand.NONE;
  }

  public boolean requires() {
    return demand == Demand.REQUIRED;
  }

  /**
   * Whether a connection opened under the one is as good as one opened under the other. A new
   * revocation list is no other demand: connections of those it revokes are ended one by one.
   */
  public boolean promisesSame(ClientAuthTerms other) {
    return demand == other.demand
        && revocations.equals(other.revocations)
        && forward.equals(other.forward)
        && verifier.map(ClientVerifier::trust).equals(other.verifier.map(ClientVerifier::trust))
        && verifier.map(ClientVerifier::allow).equals(other.verifier.map(ClientVerifier::allow));
  }

  /**
   * The demands as a text that tells any two apart, for {@link TicketDomain}: under which a session
   * was begun. Revocation is not part of it; whoever resumes is looked up again.
   */
  public String domain() {
    return verifier
        .map(v -> demand + " " + v.trust().digest() + " " + v.allow().size() + " " + v.allow())
        .orElse("");
  }
}

package io.lockgate.pki;

import io.lockgate.config.model.AllowRule;
import io.lockgate.pki.ClientRefusal.Reason;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides about the certificates of clients: trusted authorities, revocation lists, allow rules and
 * the time of day. Two are equal if they decide alike. Immutable, for any number of threads; never
 * reads a file or asks another machine.
 */
public final class ClientVerifier {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_PURPOSE = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0;

  private final TrustBundle trust;
  private final RevocationLists revocations;
  private final List<AllowRule> allow;
  private final Clock clock;

  ClientVerifier(
      TrustBundle trust, RevocationLists revocations, List<AllowRule> allow, Clock clock) {
    this.trust = trust;
    this.revocations = revocations;
    this.allow = List.copyOf(allow);
    this.clock = clock;
  }

  /** A verifier without revocation lists. */
  public static ClientVerifier of(TrustBundle trust, List<AllowRule> allow, Clock clock) {
    return new ClientVerifier(trust, RevocationLists.NONE, allow, clock);
  }

  public TrustBundle trust() {
    return trust;
  }

  public List<AllowRule> allow() {
    return allow;
  }

  /** Equal where the same certificates are revoked. */
  public String revocationDigest() {
    return revocations.digest();
  }

  /** When the first of the revocation lists is overdue. */
  public Optional<Instant> nextRevocationUpdate() {
    return revocations.nextUpdate();
  }

  /**
   * Verifies a certificate whose private key the client has proved to have. Takes one or two
   * milliseconds: not for event loops.
   *
   * @param shown by the client, its own certificate first
   */
  public ClientVerdict verify(List<X509Certificate> shown) {
    if (shown.isEmpty()) {
      return ClientVerdict.refused(Reason.MISSING, "The client shows no certificate.");
    }
    Instant now = clock.instant();
    ClientPath.Outcome found = ClientPath.find(shown, trust, now);
    if (found.refusal().isPresent()) {
      return new ClientVerdict.Refused(found.refusal().get());
    }
    Optional<String> misuse = misuse(shown.get(0));
    if (misuse.isPresent()) {
      return ClientVerdict.refused(Reason.WRONG_PURPOSE, misuse.get());
    }
    return decide(ClientIdentity.of(found.path()), now);
  }

  /**
   * Decides again about a client whose certificate an equal bundle was found to trust before, as
   * when a session is resumed. Parses the certificates and no more: fit for event loops.
   */
  public ClientVerdict verifyResumed(List<X509Certificate> shown) {
    return shown.isEmpty()
        ? ClientVerdict.refused(Reason.MISSING, "The resumed session holds no certificate.")
        : decide(ClientIdentity.of(ClientPath.walk(shown, trust)), clock.instant());
  }

  /** Decides again about a client, as when rules or revocation lists have changed since. Cheap. */
  public Optional<ClientRefusal> verifyAgain(ClientIdentity identity) {
    return decide(identity, clock.instant()) instanceof ClientVerdict.Refused refused
        ? Optional.of(refused.refusal())
        : Optional.empty();
  }

  private ClientVerdict decide(ClientIdentity identity, Instant now) {
    for (ClientIdentity.Link link : identity.path()) {
      if (now.isAfter(link.notAfter())) {
        return ClientVerdict.refused(
            Reason.EXPIRED, about(identity) + " expired at " + link.notAfter() + ".");
      }
      if (now.isBefore(link.notBefore())) {
        return ClientVerdict.refused(
            Reason.NOT_YET_VALID,
            about(identity) + " is not valid before " + link.notBefore() + ".");
      }
      if (revocations.revoke(link.issuer(), link.serial())) {
        return ClientVerdict.refused(
            Reason.REVOKED,
            about(identity)
                + ": the serial number "
                + link.serial().toString(16)
                + " is revoked by its issuer.");
      }
    }
    if (!allow.isEmpty() && allow.stream().noneMatch(rule -> rule.allows(identity.names()))) {
      return ClientVerdict.refused(
          Reason.NOT_ALLOWED, about(identity) + " meets none of the host's allow rules.");
    }
    return new ClientVerdict.Accepted(identity);
  }

  /** RFC 5280 sections 4.2.1.3 and 4.2.1.12; absent extensions restrict nothing. */
  private static Optional<String> misuse(X509Certificate leaf) {
    try {
      List<String> purposes = leaf.getExtendedKeyUsage();
      if (purposes != null && !purposes.contains(CLIENT_AUTH) && !purposes.contains(ANY_PURPOSE)) {
        return Optional.of(
            "The certificate is not meant for clients (extended key usage lacks clientAuth).");
      }
    } catch (CertificateParsingException e) {
      return Optional.of("The certificate's extended key usage cannot be read.");
    }
    boolean[] usage = leaf.getKeyUsage();
    return usage != null && !usage[DIGITAL_SIGNATURE]
        ? Optional.of("The certificate's key is not meant for signatures (key usage).")
        : Optional.empty();
  }

  private static String about(ClientIdentity identity) {
    return "The certificate of " + identity.subject();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientVerifier that
        && trust.equals(that.trust)
        && revocations.digest().equals(that.revocations.digest())
        && allow.equals(that.allow);
  }

  @Override
  public int hashCode() {
    return trust.hashCode() * 31 + allow.hashCode();
  }

  @Override
  public String toString() {
    return "ClientVerifier[" + trust + " " + allow + "]";
  }
}

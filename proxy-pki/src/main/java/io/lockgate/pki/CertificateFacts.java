package io.lockgate.pki;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A row of the certificate inventory. Made on demand, since it parses the certificate; not for
 * event loops in bulk.
 *
 * @param names every subject alternative name in text
 * @param serial in hex
 * @param keyType such as {@code EC P-256} or {@code RSA 2048}
 * @param daysLeft whole days until {@code notAfter}; negative once expired
 */
public record CertificateFacts(
    String name,
    Optional<String> owner,
    String source,
    String subject,
    List<String> names,
    String issuer,
    String serial,
    String keyType,
    Instant notBefore,
    Instant notAfter,
    long daysLeft,
    boolean chainComplete,
    List<Finding> findings) {

  public static CertificateFacts of(CertificateEntry entry, Instant now) {
    Identity identity = entry.identity();
    Texts texts = Texts.of(identity);
    return new CertificateFacts(
        entry.name(),
        entry.owner(),
        entry.source(),
        texts.subject,
        texts.names,
        texts.issuer,
        texts.serial,
        texts.keyType,
        identity.notBefore(),
        identity.notAfter(),
        Math.floorDiv(
            Duration.between(now, identity.notAfter()).toSeconds(), Duration.ofDays(1).toSeconds()),
        entry.chainComplete(),
        entry.findings());
  }

  /** What only the JDK's view of a certificate tells. */
  private record Texts(
      String subject, List<String> names, String issuer, String serial, String keyType) {
    static Texts of(Identity identity) {
      try {
        X509Certificate leaf = identity.parsedLeaf();
        return new Texts(
            leaf.getSubjectX500Principal().getName(),
            SubjectNames.shown(leaf),
            leaf.getIssuerX500Principal().getName(),
            leaf.getSerialNumber().toString(16),
            kind(identity, leaf));
      } catch (CertificateException e) {
        // One odd certificate must not take the whole inventory away.
        String unreadable = "unreadable: " + e.getMessage();
        return new Texts(
            unreadable, identity.dnsNames(), unreadable, "", identity.keyKind().label());
      }
    }
  }

  private static String kind(Identity identity, X509Certificate leaf) {
    String label = identity.keyKind().label();
    return leaf.getPublicKey() instanceof RSAPublicKey rsa
        ? label + " " + rsa.getModulus().bitLength()
        : label;
  }
}

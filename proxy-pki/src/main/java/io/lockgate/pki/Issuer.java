package io.lockgate.pki;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;

/**
 * The certificate of an authority. The same few stand behind thousands of leaves, so one is shared
 * by all, stays parsed, and knows what would be asked of it for each leaf again.
 */
final class Issuer {
  private final EncodedCertificate encoded;
  private final byte[] digest;
  private final X509Certificate parsed;
  private final Optional<byte[]> subjectKey;
  private final boolean belowIntermediate;

  Issuer(byte[] der) throws CertificateException {
    encoded = EncodedCertificate.of(der);
    digest = Sha256.digest().digest(der);
    parsed = encoded.parsed();
    subjectKey = Extensions.subjectKey(encoded);
    belowIntermediate = !encoded.selfIssued() && ChainLint.namesIntermediate(parsed);
  }

  /** SHA-256 of its encoding; not copied, so it must not be changed. */
  byte[] digest() {
    return digest;
  }

  EncodedCertificate encoded() {
    return encoded;
  }

  X509Certificate parsed() {
    return parsed;
  }

  boolean selfIssued() {
    return encoded.selfIssued();
  }

  /** Whether another intermediate stands between this one and a root, by the name it gives. */
  boolean belowIntermediate() {
    return belowIntermediate;
  }

  /** Whether this one issued a certificate, as far as name and key identifier tell. */
  boolean issued(EncodedCertificate certificate) {
    return sameName(certificate) && sameKey(certificate);
  }

  /** Names may be equal in different string types (RFC 5280 section 7.1), but seldom are. */
  private boolean sameName(EncodedCertificate certificate) {
    return certificate.names(encoded)
        || certificate.issuer().filter(parsed.getSubjectX500Principal()::equals).isPresent();
  }

  private boolean sameKey(EncodedCertificate certificate) {
    Optional<byte[]> wanted = Extensions.authorityKey(certificate);
    return wanted.isEmpty()
        || subjectKey.isEmpty()
        || Arrays.equals(wanted.get(), subjectKey.get());
  }
}

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
  private final X509Certificate parsed;
  private final byte[] subject;
  private final Optional<byte[]> subjectKey;
  private final boolean selfIssued;
  private final boolean belowIntermediate;

  Issuer(byte[] der) throws CertificateException {
    parsed = EncodedCertificate.parse(der);
    encoded = EncodedCertificate.of(der, parsed);
    subject = parsed.getSubjectX500Principal().getEncoded();
    subjectKey = Extensions.subjectKey(parsed);
    selfIssued = Arrays.equals(subject, parsed.getIssuerX500Principal().getEncoded());
    belowIntermediate = !selfIssued && ChainLint.namesIntermediate(parsed);
  }

  EncodedCertificate encoded() {
    return encoded;
  }

  X509Certificate parsed() {
    return parsed;
  }

  boolean selfIssued() {
    return selfIssued;
  }

  /** Whether another intermediate stands between this one and a root, by the name it gives. */
  boolean belowIntermediate() {
    return belowIntermediate;
  }

  /** Whether this one issued a certificate, as far as name and key identifier tell. */
  boolean issued(X509Certificate certificate) {
    byte[] issuerName = certificate.getIssuerX500Principal().getEncoded();
    // Names may be equal in different string types (RFC 5280 section 7.1), but seldom are.
    if (!Arrays.equals(subject, issuerName)
        && !parsed.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    Optional<byte[]> wanted = Extensions.authorityKey(certificate);
    return wanted.isEmpty()
        || subjectKey.isEmpty()
        || Arrays.equals(wanted.get(), subjectKey.get());
  }
}

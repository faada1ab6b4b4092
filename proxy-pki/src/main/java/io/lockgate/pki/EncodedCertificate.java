package io.lockgate.pki;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;

/**
 * A certificate kept as bytes: parsed, it would take ten times the room. What was parsed once
 * without error is parsed again on demand. Equal by its bytes; immutable.
 */
final class EncodedCertificate {
  private final byte[] der;
  private final long notBeforeSeconds;
  private final long notAfterSeconds;

  private EncodedCertificate(byte[] der, X509Certificate parsed) {
    this.der = der;
    this.notBeforeSeconds = parsed.getNotBefore().toInstant().getEpochSecond();
    this.notAfterSeconds = parsed.getNotAfter().toInstant().getEpochSecond();
  }

  /**
   * Keeps a certificate.
   *
   * @param der its encoding; not copied, so it must not be changed afterwards
   */
  static EncodedCertificate of(byte[] der, X509Certificate parsed) {
    return new EncodedCertificate(der, parsed);
  }

  static X509Certificate parse(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  X509Certificate parsed() {
    try {
      return parse(der);
    } catch (CertificateException e) {
      throw new AssertionError("a certificate that was read before cannot be read again", e);
    }
  }

  byte[] der() {
    return der;
  }

  Instant notBefore() {
    return Instant.ofEpochSecond(notBeforeSeconds);
  }

  Instant notAfter() {
    return Instant.ofEpochSecond(notAfterSeconds);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedCertificate that && Arrays.equals(der, that.der);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(der);
  }
}

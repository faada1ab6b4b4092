package io.lockgate.pki;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate kept as bytes, with the places of its parts (RFC 5280 section 4.1). The JDK's
 * parser takes ten times as long and its result ten times the room; it is asked on demand only, for
 * what people shall read. Equal by its bytes; immutable.
 */
final class EncodedCertificate {
  private static final long SECONDS_A_DAY = 86_400;

  private final byte[] der;
  private final Part signatureAlgorithm;
  private final Part issuer;
  private final Part subject;
  private final Part publicKey;
  private final Part extensions;
  private final long notBeforeSeconds;
  private final long notAfterSeconds;

  /** A stretch of the encoding. */
  private record Part(int start, int end) {
    static final Part NONE = new Part(0, 0);
  }

  private EncodedCertificate(byte[] der) throws InvalidKeySpecException, CertificateException {
    this.der = der;
    DerReader whole = DerReader.of(der);
    DerReader certificate = whole.enter(DerReader.SEQUENCE);
    whole.finish();
    DerReader signed = certificate.enter(DerReader.SEQUENCE);
    certificate.skip(DerReader.SEQUENCE);
    certificate.skip(DerReader.BIT_STRING);
    if (signed.nextIs(DerReader.CONTEXT_0)) {
      signed.skip();
    }
    signed.skip(DerReader.INTEGER);
    signatureAlgorithm = part(signed);
    issuer = part(signed);
    DerReader validity = signed.enter(DerReader.SEQUENCE);
    subject = part(signed);
    publicKey = part(signed);
    extensions = extensions(signed);
    notBeforeSeconds = seconds(validity);
    notAfterSeconds = seconds(validity);
  }

  /**
   * Takes a certificate apart.
   *
   * @param der its encoding; not copied, so it must not be changed afterwards
   * @throws CertificateException if it is none
   */
  static EncodedCertificate of(byte[] der) throws CertificateException {
    try {
      return new EncodedCertificate(der);
    } catch (InvalidKeySpecException | DateTimeException e) {
      throw new CertificateParsingException(e.getMessage(), e);
    }
  }

  static X509Certificate parse(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /**
   * The JDK's view of it, made anew at each call.
   *
   * @throws CertificateException if the JDK finds something wrong with a detail
   */
  X509Certificate parsed() throws CertificateException {
    return parse(der);
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

  /** The SubjectPublicKeyInfo. */
  byte[] publicKey() {
    return copy(publicKey);
  }

  /** The public key's own place, without a copy. */
  DerReader publicKeyReader() {
    return reader(publicKey);
  }

  DerReader signatureAlgorithm() {
    return reader(signatureAlgorithm);
  }

  /** Whether it names itself as its issuer. */
  boolean selfIssued() {
    return same(issuer, this, subject);
  }

  /** Whether the issuer it names is the subject of another, spelt alike. */
  boolean names(EncodedCertificate other) {
    return same(issuer, other, other.subject);
  }

  /** The issuer it names, in a form that compares as RFC 5280 section 7.1 asks. */
  Optional<X500Principal> issuer() {
    try {
      return Optional.of(new X500Principal(copy(issuer)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not a name, and so nobody's
    }
  }

  /**
   * The value of an extension.
   *
   * @param id content of its object identifier
   * @throws InvalidKeySpecException if the extensions are not well formed
   */
  Optional<DerReader> extension(byte[] id) throws InvalidKeySpecException {
    DerReader list = reader(extensions);
    while (list.hasNext()) {
      DerReader extension = list.enter(DerReader.SEQUENCE);
      if (extension.enter(DerReader.OBJECT_ID).restIs(id)) {
        if (extension.nextIs(DerReader.BOOLEAN)) {
          extension.skip();
        }
        return Optional.of(extension.enter(DerReader.OCTET_STRING));
      }
    }
    return Optional.empty();
  }

  private boolean same(Part part, EncodedCertificate other, Part others) {
    return Arrays.equals(der, part.start, part.end, other.der, others.start, others.end);
  }

  private DerReader reader(Part part) {
    return DerReader.of(der, part.start, part.end);
  }

  private byte[] copy(Part part) {
    return Arrays.copyOfRange(der, part.start, part.end);
  }

  private static Part part(DerReader in) throws InvalidKeySpecException {
    int start = in.position();
    in.skip(DerReader.SEQUENCE);
    return new Part(start, in.position());
  }

  /** The content of the list of extensions. */
  private static Part extensions(DerReader signed) throws InvalidKeySpecException {
    while (signed.hasNext() && !signed.nextIs(DerReader.CONTEXT_3)) {
      signed.skip(); // unique identifiers, which nobody uses
    }
    if (!signed.hasNext()) {
      return Part.NONE;
    }
    DerReader list = signed.enter(DerReader.CONTEXT_3).enter(DerReader.SEQUENCE);
    return new Part(list.position(), list.end());
  }

  /** A time in the one form that RFC 5280 section 4.1.2.5 allows: to the second, in UTC. */
  private long seconds(DerReader validity) throws InvalidKeySpecException, CertificateException {
    boolean fourDigits = validity.nextIs(DerReader.GENERALIZED_TIME);
    DerReader time = validity.enter(fourDigits ? DerReader.GENERALIZED_TIME : DerReader.UTC_TIME);
    int at = time.position();
    int length = time.end() - at;
    if (length != (fourDigits ? 15 : 13) || der[time.end() - 1] != 'Z') {
      throw new CertificateParsingException("a time of its validity is not in the form of UTC");
    }
    int year;
    if (fourDigits) {
      year = 100 * twoDigits(at) + twoDigits(at + 2);
      at += 4;
    } else {
      year = twoDigits(at) + (twoDigits(at) < 50 ? 2000 : 1900);
      at += 2;
    }
    long day = LocalDate.of(year, twoDigits(at), twoDigits(at + 2)).toEpochDay();
    int secondOfDay =
        (twoDigits(at + 4) * 60 + twoDigits(at + 6)) * 60 + Math.min(59, twoDigits(at + 8));
    return day * SECONDS_A_DAY + secondOfDay;
  }

  private int twoDigits(int at) throws CertificateException {
    int tens = der[at] - '0';
    int ones = der[at + 1] - '0';
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
      throw new CertificateParsingException("a time of its validity is not in the form of UTC");
    }
    return tens * 10 + ones;
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

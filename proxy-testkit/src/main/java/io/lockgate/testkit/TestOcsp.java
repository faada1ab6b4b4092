package io.lockgate.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * An OCSP response about to be signed (RFC 6960). Says that the certificate is good, from an hour
 * ago for a day, signed by the issuer, unless told otherwise. Not for use by many threads.
 */
public final class TestOcsp {
  private final X509Certificate issuer;
  private BigInteger serial;
  private X509Certificate named;
  private PrivateKey signer;
  private Optional<X509Certificate> enclosed = Optional.empty();
  private CertificateStatus status = CertificateStatus.GOOD;
  private Instant thisUpdate = Instant.now().minus(Duration.ofHours(1));
  private Optional<Instant> nextUpdate = Optional.of(Instant.now().plus(Duration.ofDays(1)));

  private TestOcsp(TestCa authority, X509Certificate leaf) {
    this.issuer = authority.certificate();
    this.serial = leaf.getSerialNumber();
    this.named = issuer;
    this.signer = authority.keys().getPrivate();
  }

  /** A response of the certificate's own authority. */
  public static TestOcsp about(TestCa authority, X509Certificate leaf) {
    return new TestOcsp(authority, leaf);
  }

  /** What a responder says that does not want to answer; 3 is tryLater. */
  public static byte[] refusal(int responseStatus) {
    try {
      return new OCSPRespBuilder().build(responseStatus, null).getEncoded();
    } catch (OCSPException | IOException e) {
      throw new AssertionError(e);
    }
  }

  public TestOcsp revoked() {
    status = new RevokedStatus(Date.from(thisUpdate));
    return this;
  }

  public TestOcsp unknown() {
    status = new UnknownStatus();
    return this;
  }

  public TestOcsp serial(BigInteger other) {
    serial = other;
    return this;
  }

  public TestOcsp from(Instant time) {
    thisUpdate = time;
    return this;
  }

  public TestOcsp until(Instant time) {
    nextUpdate = Optional.of(time);
    return this;
  }

  public TestOcsp withoutEnd() {
    nextUpdate = Optional.empty();
    return this;
  }

  /** Signed by another, whose certificate is enclosed. */
  public TestOcsp signedBy(TestIdentity delegate) {
    named = delegate.leaf();
    signer = delegate.key();
    enclosed = Optional.of(delegate.leaf());
    return this;
  }

  /** Signed with a key that does not belong to whom the response names. */
  public TestOcsp forgedWith(PrivateKey key) {
    signer = key;
    return this;
  }

  /** The signed response. */
  public byte[] encoded() {
    try {
      CertificateID id =
          new CertificateID(
              new JcaDigestCalculatorProviderBuilder()
                  .build()
                  .get(new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1)),
              new JcaX509CertificateHolder(issuer),
              serial);
      X500Name name = X500Name.getInstance(named.getSubjectX500Principal().getEncoded());
      BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(new RespID(name));
      builder.addResponse(
          id, status, Date.from(thisUpdate), nextUpdate.map(Date::from).orElse(null), null);
      X509CertificateHolder[] certificates =
          enclosed.isEmpty()
              ? new X509CertificateHolder[0]
              : new X509CertificateHolder[] {new JcaX509CertificateHolder(enclosed.get())};
      String algorithm = signer.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      return new OCSPRespBuilder()
          .build(
              OCSPRespBuilder.SUCCESSFUL,
              builder.build(
                  new JcaContentSignerBuilder(algorithm).build(signer),
                  certificates,
                  Date.from(thisUpdate)))
          .getEncoded();
    } catch (OperatorCreationException | OCSPException | IOException | GeneralSecurityException e) {
      throw new AssertionError("cannot make an OCSP response", e);
    }
  }
}

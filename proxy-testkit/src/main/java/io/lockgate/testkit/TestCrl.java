package io.lockgate.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A list of revoked certificates about to be signed. Each method changes one thing. */
public final class TestCrl {
  private final TestCa issuer;
  private final List<X509Certificate> revoked;
  private Instant thisUpdate = TestCa.yesterday();
  private Instant nextUpdate = Instant.now().plus(Duration.ofDays(1));
  private PrivateKey signer;

  TestCrl(TestCa issuer, List<X509Certificate> revoked) {
    this.issuer = issuer;
    this.revoked = revoked;
    this.signer = issuer.keys().getPrivate();
  }

  /** Should have been replaced an hour ago. */
  public TestCrl stale() {
    nextUpdate = Instant.now().minus(Duration.ofHours(1));
    return this;
  }

  /** Begins tomorrow. */
  public TestCrl notYetValid() {
    thisUpdate = Instant.now().plus(Duration.ofDays(1));
    nextUpdate = thisUpdate.plus(Duration.ofDays(1));
    return this;
  }

  /** Names its issuer, but is signed by another. */
  public TestCrl signedBy(TestCa other) {
    signer = other.keys().getPrivate();
    return this;
  }

  public byte[] der() {
    try {
      X509v2CRLBuilder list =
          new X509v2CRLBuilder(
              new X500Name(issuer.certificate().getSubjectX500Principal().getName()),
              Date.from(thisUpdate));
      list.setNextUpdate(Date.from(nextUpdate));
      for (X509Certificate certificate : revoked) {
        list.addCRLEntry(
            certificate.getSerialNumber(), Date.from(thisUpdate), CRLReason.keyCompromise);
      }
      return list.build(new JcaContentSignerBuilder(issuer.signatureAlgorithm()).build(signer))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new AssertionError("cannot make a revocation list", e);
    }
  }

  public String pem() {
    return TestPem.block("X509 CRL", der());
  }

  /** Writes it as PEM and returns the file. */
  public Path writeTo(Path file) {
    return TestPem.write(file, pem());
  }

  /** Writes it as DER and returns the file. */
  public Path writeDerTo(Path file) throws IOException {
    return Files.write(file, der());
  }
}

package io.lockgate.pki.ocsp;

import io.lockgate.pki.Identity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/** Which certificate a status is wanted of, and who issued it. */
record StatusQuestion(X509Certificate leaf, X509Certificate issuer) {

  /** Empty where the chain does not hold the issuer, without whom no response can be verified. */
  static Optional<StatusQuestion> about(Identity identity) {
    if (!identity.issuerKnown()) {
      return Optional.empty();
    }
    List<X509Certificate> chain = identity.chain();
    return Optional.of(new StatusQuestion(chain.get(0), chain.get(1)));
  }

  /**
   * The request (RFC 6960 section 4.1.1): by SHA-1, which RFC 5019 section 2.1.1 makes the one that
   * every responder knows, and which is no signature here; without a nonce.
   */
  byte[] encoded() throws IOException, GeneralSecurityException {
    try {
      CertificateID id =
          new CertificateID(
              ResponseCheck.digests().get(new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1)),
              new JcaX509CertificateHolder(issuer),
              leaf.getSerialNumber());
      return new OCSPReqBuilder().addRequest(id).build().getEncoded();
    } catch (OperatorCreationException | OCSPException e) {
      throw new GeneralSecurityException(e);
    }
  }
}

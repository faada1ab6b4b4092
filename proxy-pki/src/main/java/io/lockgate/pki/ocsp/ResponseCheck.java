package io.lockgate.pki.ocsp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Whether bytes are a response about a certificate that can be believed (RFC 6960 section 3.2): it
 * names the certificate, it is signed by the issuer or by whom the issuer entrusted with it, and
 * now lies within its time. A nonce is not demanded, since responses are shared by all clients.
 */
final class ResponseCheck {
  /** Clocks of responders may be ahead by this much. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  /** How long a response is used that does not say so (RFC 6960 section 2.4). */
  static final Duration UNBOUNDED_LIFE = Duration.ofHours(1);

  private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

  private final Clock clock;

  ResponseCheck(Clock clock) {
    this.clock = clock;
  }

  StatusAnswer verify(byte[] encoded, StatusQuestion question) {
    try {
      Instant now = clock.instant();
      OCSPResp response =
          new OCSPResp(OCSPResponse.getInstance(ASN1Primitive.fromByteArray(encoded)));
      if (response.getStatus() != OCSPResp.SUCCESSFUL) {
        return new StatusAnswer.Failed(
            StatusAnswer.Failure.REFUSED, "the responder answers " + meaning(response.getStatus()));
      }
      if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
        throw new Unbelievable("it is of a type not known");
      }
      if (!basic.getCriticalExtensionOIDs().isEmpty()) {
        throw new Unbelievable("it has a critical extension that is not known");
      }
      SingleResp single = about(question, basic);
      Instant nextUpdate = checkTimes(single, now);
      checkSignature(basic, question.issuer(), now);
      return new StatusAnswer.Verified(
          new StatusResponse(
              encoded, status(single), single.getThisUpdate().toInstant(), nextUpdate));
    } catch (Unbelievable e) {
      return invalid(e.getMessage());
    } catch (IOException | OCSPException | GeneralSecurityException | RuntimeException e) {
      return invalid("it cannot be read: " + e.getMessage());
    }
  }

  private static StatusAnswer invalid(String why) {
    return new StatusAnswer.Failed(
        StatusAnswer.Failure.INVALID, "the response is not accepted: " + why);
  }

  private static SingleResp about(StatusQuestion question, BasicOCSPResp response)
      throws CertificateException {
    X509CertificateHolder issuer = new JcaX509CertificateHolder(question.issuer());
    DigestCalculatorProvider digests = digests();
    for (SingleResp single : response.getResponses()) {
      if (single.getCertID().getSerialNumber().equals(question.leaf().getSerialNumber())
          && issuedBy(issuer, single, digests)) {
        if (!single.getCriticalExtensionOIDs().isEmpty()) {
          throw new Unbelievable("it has a critical extension that is not known");
        }
        return single;
      }
    }
    throw new Unbelievable("it speaks of another certificate");
  }

  private static boolean issuedBy(
      X509CertificateHolder issuer, SingleResp single, DigestCalculatorProvider digests) {
    try {
      return single.getCertID().matchesIssuer(issuer, digests);
    } catch (OCSPException e) {
      return false; // by a digest that nobody here knows
    }
  }

  /** When it ceases to be of use. */
  private static Instant checkTimes(SingleResp single, Instant now) {
    Instant thisUpdate = single.getThisUpdate().toInstant();
    Date next = single.getNextUpdate();
    Instant nextUpdate = next == null ? thisUpdate.plus(UNBOUNDED_LIFE) : next.toInstant();
    if (thisUpdate.isAfter(now.plus(CLOCK_SKEW))) {
      throw new Unbelievable("it is from the future, " + thisUpdate);
    }
    if (!nextUpdate.isAfter(thisUpdate)) {
      throw new Unbelievable("it ends before it begins");
    }
    if (!nextUpdate.isAfter(now)) {
      throw new Unbelievable("its time ended at " + nextUpdate);
    }
    return nextUpdate;
  }

  private static void checkSignature(BasicOCSPResp response, X509Certificate issuer, Instant now)
      throws GeneralSecurityException, OCSPException {
    ResponderID named = response.getResponderId().toASN1Primitive();
    List<X509Certificate> candidates = new ArrayList<>(List.of(issuer));
    for (X509CertificateHolder holder : response.getCerts()) {
      candidates.add(new JcaX509CertificateConverter().getCertificate(holder));
    }
    for (X509Certificate candidate : candidates) {
      if (names(named, candidate) && signed(response, candidate)) {
        if (!candidate.getPublicKey().equals(issuer.getPublicKey())) {
          checkDelegate(candidate, issuer, now);
        }
        return;
      }
    }
    throw new Unbelievable("neither the issuer nor anybody it names has signed it");
  }

  /** RFC 6960 section 4.2.2.2: entrusted by the issuer itself, and with just this. */
  private static void checkDelegate(X509Certificate delegate, X509Certificate issuer, Instant now)
      throws GeneralSecurityException {
    if (!delegate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      throw new Unbelievable("its signer is not the issuer's delegate");
    }
    try {
      delegate.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new Unbelievable("its signer is not the issuer's delegate");
    }
    List<String> purposes = delegate.getExtendedKeyUsage();
    if (purposes == null || !purposes.contains(OCSP_SIGNING)) {
      throw new Unbelievable("its signer's certificate is not for signing OCSP responses");
    }
    if (now.isBefore(delegate.getNotBefore().toInstant().minus(CLOCK_SKEW))
        || now.isAfter(delegate.getNotAfter().toInstant())) {
      throw new Unbelievable("its signer's certificate is out of its time");
    }
  }

  private static boolean names(ResponderID id, X509Certificate candidate)
      throws GeneralSecurityException {
    if (id.getKeyHash() == null) {
      return id.getName()
          .equals(X500Name.getInstance(candidate.getSubjectX500Principal().getEncoded()));
    }
    byte[] key =
        SubjectPublicKeyInfo.getInstance(candidate.getPublicKey().getEncoded())
            .getPublicKeyData()
            .getOctets();
    return Arrays.equals(id.getKeyHash(), MessageDigest.getInstance("SHA-1").digest(key));
  }

  private static boolean signed(BasicOCSPResp response, X509Certificate candidate)
      throws OCSPException {
    try {
      return response.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(candidate.getPublicKey()));
    } catch (OperatorCreationException e) {
      return false; // a key of a kind that cannot have made this signature
    }
  }

  private static CertificateStatus status(SingleResp single) {
    if (single.getCertStatus() == org.bouncycastle.cert.ocsp.CertificateStatus.GOOD) {
      return CertificateStatus.GOOD;
    }
    return single.getCertStatus() instanceof RevokedStatus
        ? CertificateStatus.REVOKED
        : CertificateStatus.UNKNOWN;
  }

  /** RFC 6960 section 4.2.1. */
  private static String meaning(int responseStatus) {
    return switch (responseStatus) {
      case OCSPResp.MALFORMED_REQUEST -> "malformedRequest";
      case OCSPResp.INTERNAL_ERROR -> "internalError";
      case OCSPResp.TRY_LATER -> "tryLater";
      case OCSPResp.SIG_REQUIRED -> "sigRequired";
      case OCSPResp.UNAUTHORIZED -> "unauthorized";
      default -> "status " + responseStatus;
    };
  }

  static DigestCalculatorProvider digests() {
    try {
      return new JcaDigestCalculatorProviderBuilder().build();
    } catch (OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  /** Never leaves the check. */
  private static final class Unbelievable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unbelievable(String message) {
      super(message, null, false, false);
    }
  }
}

package io.lockgate.tls;

import io.lockgate.pki.ClientIdentity;
import io.lockgate.pki.ClientRefusal;
import io.lockgate.pki.ClientVerdict;
import io.lockgate.pki.ClientVerifier;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Has the certificates of clients verified in the midst of handshakes, and translates refusals to
 * alerts. Its verdicts take milliseconds, so the engine must call it on {@link HandshakeWorkers}.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private static final String IDENTITY = "io.lockgate.client";

  private final ClientVerifier verifier;
  private final X509Certificate[] authorities;

  ClientTrust(ClientVerifier verifier) {
    this.verifier = verifier;
    this.authorities = verifier.trust().certificates().toArray(X509Certificate[]::new);
  }

  /** Whom this handshake was accepted as; empty for a resumed one, and without a certificate. */
  static Optional<ClientIdentity> identityOf(SSLSession session) {
    return Optional.ofNullable((ClientIdentity) session.getValue(IDENTITY));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    ClientVerdict verdict = verifier.verify(parsed(chain));
    if (verdict instanceof ClientVerdict.Refused refused) {
      ClientRefusal refusal = refused.refusal();
      throw new OpenSslCertificateException(
          refusal.detail(), new ClientRefusedException(refusal), errorCode(refusal.reason()));
    }
    engine.getSession().putValue(IDENTITY, ((ClientVerdict.Accepted) verdict).identity());
  }

  /** The names of these are sent to clients, so that they know which certificate to show. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.clone();
  }

  /** As the JDK's own objects, which its path validation takes as they are. */
  static List<X509Certificate> parsed(java.security.cert.Certificate[] chain)
      throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> parsed = new ArrayList<>(chain.length);
    for (java.security.cert.Certificate certificate : chain) {
      parsed.add(
          (X509Certificate)
              factory.generateCertificate(new ByteArrayInputStream(certificate.getEncoded())));
    }
    return parsed;
  }

  /** The library makes the alert of this; it has none that ends as access_denied. */
  private static int errorCode(ClientRefusal.Reason reason) {
    return switch (reason) {
      case MISSING, NOT_ALLOWED -> CertificateVerifier.X509_V_ERR_CERT_REJECTED;
      case UNTRUSTED -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
      case EXPIRED -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
      case NOT_YET_VALID -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
      case WRONG_PURPOSE -> CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
      case REVOKED -> CertificateVerifier.X509_V_ERR_CERT_REVOKED;
    };
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw engineOnly();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw engineOnly();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw engineOnly();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw engineOnly();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw engineOnly();
  }

  private static CertificateException engineOnly() {
    return new CertificateException("for clients of engines only");
  }
}

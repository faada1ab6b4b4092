package io.lockgate.tls;

import io.lockgate.pki.ServerRefusal;
import io.lockgate.pki.ServerVerifier;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Asks a {@link ServerVerifier} in the middle of a handshake. Does no check of its own and leaves
 * none to the library. Runs on the threads for handshakes, never on an event loop.
 */
final class ServerCheck extends X509ExtendedTrustManager {
  private final ServerVerifier verifier;

  ServerCheck(ServerVerifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    var refusal = verifier.verify(List.of(chain));
    if (refusal.isPresent()) {
      throw new OpenSslCertificateException(
          refusal.get().sentence(), new Refused(refusal.get()), code(refusal.get().reason()));
    }
  }

  /** By which the library chooses the alert that the server gets. */
  private static int code(ServerRefusal.Reason reason) {
    return switch (reason) {
      case EXPIRED -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
      case NOT_YET_VALID -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
      case UNTRUSTED -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
      case WRONG_PURPOSE -> CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
      case WRONG_NAME -> CertificateVerifier.X509_V_ERR_HOSTNAME_MISMATCH;
      case MALFORMED, PIN_MISMATCH -> CertificateVerifier.X509_V_ERR_CERT_REJECTED;
    };
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw forServersOnly();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw forServersOnly();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw forServersOnly();
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private static CertificateException forServersOnly() {
    return new CertificateException("no client is verified here");
  }

  /** Carries a refusal through the library. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ServerRefusal refusal;

    Refused(ServerRefusal refusal) {
      super(refusal.sentence(), null, false, false);
      this.refusal = refusal;
    }

    ServerRefusal refusal() {
      return refusal;
    }
  }
}

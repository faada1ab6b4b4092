package io.lockgate.tls;

import io.lockgate.pki.ClientIdentity;
import io.lockgate.pki.ClientRefusal;
import io.lockgate.pki.ClientVerdict;
import io.lockgate.pki.ClientVerifier;
import io.lockgate.tls.FailureClassifier.Verdict;
import io.netty.handler.ssl.OpenSslSession;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The last look at a client before its connection is handed on. A full handshake has had its
 * certificate verified on the way; a resumed one tells of a certificate of days ago, which may have
 * ended or been revoked since, and of which the library asks nobody. Cheap: on the event loop.
 *
 * @param identity empty without a certificate
 * @param failure why the connection must not be handed on
 */
record ClientCheck(Optional<ClientIdentity> identity, Optional<Verdict> failure) {
  private static final ClientCheck NOBODY = new ClientCheck(Optional.empty(), Optional.empty());

  static ClientCheck of(OpenSslSession session, ClientAuthTerms terms, boolean resumed) {
    if (terms.verifier().isEmpty()) {
      return NOBODY;
    }
    Certificate[] shown = shown(session);
    if (shown.length == 0) {
      return terms.requires()
          ? refused(
              new ClientRefusal(ClientRefusal.Reason.MISSING, "The client shows no certificate."))
          : NOBODY;
    }
    if (resumed) {
      return resumed(shown, terms.verifier().get());
    }
    Optional<ClientIdentity> verified = ClientTrust.identityOf(session);
    return verified.isPresent()
        ? new ClientCheck(verified, Optional.empty())
        : failed(HandshakeFailure.INTERNAL, "The client's certificate was verified by nobody.");
  }

  private static ClientCheck resumed(Certificate[] shown, ClientVerifier verifier) {
    try {
      ClientVerdict verdict = verifier.verifyResumed(ClientTrust.parsed(shown));
      return verdict instanceof ClientVerdict.Refused refused
          ? refused(refused.refusal())
          : new ClientCheck(
              Optional.of(((ClientVerdict.Accepted) verdict).identity()), Optional.empty());
    } catch (CertificateException e) {
      return failed(HandshakeFailure.INTERNAL, "The certificate of the session cannot be read.");
    }
  }

  private static Certificate[] shown(OpenSslSession session) {
    try {
      return session.hasPeerCertificates() ? session.getPeerCertificates() : new Certificate[0];
    } catch (SSLPeerUnverifiedException e) {
      return new Certificate[0];
    }
  }

  private static ClientCheck refused(ClientRefusal refusal) {
    return failed(HandshakeFailure.of(refusal.reason()), refusal.detail());
  }

  private static ClientCheck failed(HandshakeFailure failure, String detail) {
    return new ClientCheck(
        Optional.empty(), Optional.of(new Verdict(failure, FailureClassifier.detail(detail))));
  }
}

package io.lockgate.tls;

import io.lockgate.pki.ClientRefusal;
import java.security.cert.CertificateException;
import java.util.Optional;

/** Carries a refusal through the engine to where handshakes end. */
final class ClientRefusedException extends CertificateException {
  private static final long serialVersionUID = 1L;

  private final transient ClientRefusal refusal;

  ClientRefusedException(ClientRefusal refusal) {
    super(refusal.detail());
    this.refusal = refusal;
  }

  /** The refusal behind a handshake's failure. */
  static Optional<ClientRefusal> in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClientRefusedException refused) {
        return Optional.of(refused.refusal);
      }
    }
    return Optional.empty();
  }
}

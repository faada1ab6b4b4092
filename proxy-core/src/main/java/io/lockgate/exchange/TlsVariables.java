package io.lockgate.exchange;

import io.lockgate.config.model.FieldTemplate;
import io.lockgate.pki.ClientIdentity;
import io.lockgate.tls.TlsFacts;

/** What fields that a route sets may say of the client's TLS. */
final class TlsVariables {
  private TlsVariables() {}

  /** Empty on a connection without TLS, or where the client showed no certificate. */
  static String value(TlsFacts tls, FieldTemplate.Variable variable) {
    return switch (variable) {
      case SNI -> tls.sni();
      case TLS_VERSION -> tls.version();
      case TLS_CIPHER -> tls.cipher();
      case CLIENT_CERT_SUBJECT -> tls.clientSubject();
      case CLIENT_CERT_FINGERPRINT -> tls.client().map(ClientIdentity::fingerprint).orElse("");
      default -> throw new AssertionError(variable);
    };
  }
}

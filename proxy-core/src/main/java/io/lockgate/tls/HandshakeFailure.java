package io.lockgate.tls;

/** Why a handshake failed; each constant is a value of the metric label {@code reason}. */
public enum HandshakeFailure {
  PROTOCOL_VERSION("protocol_version"),
  CIPHER_MISMATCH("cipher_mismatch"),
  NO_SHARED_GROUP("no_shared_group"),
  UNKNOWN_HOST("unknown_host"),
  NO_APPLICATION_PROTOCOL("no_application_protocol"),
  CLIENT_CERTIFICATE_MISSING("client_certificate_missing"),
  CLIENT_CERTIFICATE_EXPIRED("client_certificate_expired"),
  CLIENT_CERTIFICATE_REVOKED("client_certificate_revoked"),
  CLIENT_CERTIFICATE_UNTRUSTED("client_certificate_untrusted"),
  CLIENT_CERTIFICATE_NOT_ALLOWED("client_certificate_not_allowed"),
  CLIENT_REJECTED_CERTIFICATE("client_rejected_certificate"),
  NOT_TLS("not_tls"),
  MALFORMED("malformed"),
  TIMEOUT("timeout"),
  CLIENT_CLOSED("client_closed"),
  RATE_LIMITED("rate_limited"),
  INTERNAL("internal"),
  OTHER("other");

  private final String label;

  HandshakeFailure(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}

package io.lockgate.tls;

import io.lockgate.pki.ClientRefusal;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a handshake failed; each constant has a value of the metric label {@code reason}, and the
 * alert (RFC 8446 section 6.2) that tells the client.
 */
public enum HandshakeFailure {
  PROTOCOL_VERSION("protocol_version", 70),
  CIPHER_MISMATCH("cipher_mismatch", 40),
  NO_SHARED_GROUP("no_shared_group", 40),
  UNKNOWN_HOST("unknown_host", 112),
  NO_APPLICATION_PROTOCOL("no_application_protocol", 120),
  CLIENT_CERTIFICATE_MISSING("client_certificate_missing", 116),
  CLIENT_CERTIFICATE_EXPIRED("client_certificate_expired", 45),
  CLIENT_CERTIFICATE_NOT_YET_VALID("client_certificate_expired", 45),
  CLIENT_CERTIFICATE_REVOKED("client_certificate_revoked", 44),
  CLIENT_CERTIFICATE_UNTRUSTED("client_certificate_untrusted", 48),
  CLIENT_CERTIFICATE_NOT_ALLOWED("client_certificate_not_allowed", 42),
  CLIENT_CERTIFICATE_WRONG_PURPOSE("client_certificate_not_allowed", 43),
  CLIENT_REJECTED_CERTIFICATE("client_rejected_certificate", HandshakeFailure.NO_ALERT),
  NOT_TLS("not_tls", 10),
  MALFORMED("malformed", 50),
  TIMEOUT("timeout", HandshakeFailure.NO_ALERT),
  CLIENT_CLOSED("client_closed", HandshakeFailure.NO_ALERT),
  RATE_LIMITED("rate_limited", HandshakeFailure.NO_ALERT),
  /** The certificate must not be served without an OCSP response, and there is none. */
  STAPLE_MISSING("staple_missing", 80),
  INTERNAL("internal", 80),
  OTHER("other", 40);

  /** The value of {@link #alert} where nothing is sent. */
  public static final int NO_ALERT = -1;

  private static final String CLIENT_CERTIFICATE = "CLIENT_CERTIFICATE_";

  private final String label;
  private final int alert;

  HandshakeFailure(String label, int alert) {
    this.label = label;
    this.alert = alert;
  }

  public String label() {
    return label;
  }

  /** What a refused certificate of a client counts as. */
  static HandshakeFailure of(ClientRefusal.Reason reason) {
    return switch (reason) {
      case MISSING -> CLIENT_CERTIFICATE_MISSING;
      case UNTRUSTED -> CLIENT_CERTIFICATE_UNTRUSTED;
      case EXPIRED -> CLIENT_CERTIFICATE_EXPIRED;
      case NOT_YET_VALID -> CLIENT_CERTIFICATE_NOT_YET_VALID;
      case WRONG_PURPOSE -> CLIENT_CERTIFICATE_WRONG_PURPOSE;
      case REVOKED -> CLIENT_CERTIFICATE_REVOKED;
      case NOT_ALLOWED -> CLIENT_CERTIFICATE_NOT_ALLOWED;
    };
  }

  /** Exactly why a client's certificate was refused; empty for every other failure. */
  public Optional<String> clientAuthReason() {
    return name().startsWith(CLIENT_CERTIFICATE)
        ? Optional.of(name().substring(CLIENT_CERTIFICATE.length()).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** The alert's description, or {@link #NO_ALERT}. */
  public int alert() {
    return alert;
  }
}

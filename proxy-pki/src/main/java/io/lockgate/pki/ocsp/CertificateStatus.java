package io.lockgate.pki.ocsp;

/** What a responder says of a certificate (RFC 6960 section 2.2). */
public enum CertificateStatus {
  GOOD("good"),
  REVOKED("revoked"),
  /** The responder does not know the certificate, perhaps not yet. */
  UNKNOWN("unknown");

  private final String label;

  CertificateStatus(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}

package io.lockgate.pki.ocsp;

import java.time.Instant;

/**
 * A response that was verified against the certificate it speaks of. Only {@link ResponseCheck}
 * makes one from untrusted bytes. Immutable.
 */
public final class StatusResponse {
  private final byte[] encoded;
  private final CertificateStatus status;
  private final Instant thisUpdate;
  private final Instant nextUpdate;

  /**
   * What a check found.
   *
   * @param encoded the whole response (RFC 6960 section 4.2.1); not copied
   * @param nextUpdate when the response ceases to be of use
   */
  public StatusResponse(
      byte[] encoded, CertificateStatus status, Instant thisUpdate, Instant nextUpdate) {
    this.encoded = encoded;
    this.status = status;
    this.thisUpdate = thisUpdate;
    this.nextUpdate = nextUpdate;
  }

  /** What is stapled; not a copy, and not to be changed. */
  public byte[] encoded() {
    return encoded;
  }

  public CertificateStatus status() {
    return status;
  }

  public Instant thisUpdate() {
    return thisUpdate;
  }

  public Instant nextUpdate() {
    return nextUpdate;
  }

  @Override
  public String toString() {
    return status.label() + " from " + thisUpdate + " until " + nextUpdate;
  }
}

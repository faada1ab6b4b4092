package io.lockgate.tls;

/** What a client that asked for an OCSP response (RFC 6066 section 8) got; a metric label. */
public enum StapleResult {
  STAPLED("stapled"),
  /** There is none yet. */
  MISSING("missing"),
  /** The last one has ended, and no newer one could be had. */
  STALE("stale"),
  /** Stapling is off, or the certificate names no responder. */
  NOT_APPLICABLE("not_applicable"),
  /** The client did not ask; never counted. */
  NOT_ASKED("not_asked");

  private final String label;

  StapleResult(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}

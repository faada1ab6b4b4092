package io.lockgate.tls;

/**
 * Why there is no TLS with a server.
 *
 * @param sentence for a log
 */
public record UpstreamTlsFailure(Kind kind, String sentence) {
  /** What the parts of the proxy tell apart. */
  public enum Kind {
    /** The server's certificate was not accepted. */
    VERIFY_FAILED("verify_failed"),
    /** Anything else, from no shared version to octets that are not TLS. */
    HANDSHAKE_FAILED("handshake_failed");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Metric label {@code result}. */
    public String label() {
      return label;
    }
  }
}

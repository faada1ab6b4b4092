package io.lockgate.relay;

import io.lockgate.tls.TlsFacts;

/**
 * What became of one relay. Texts are empty where they do not apply.
 *
 * @param host label of the configured host
 * @param mode {@code tcp} or {@code passthrough}
 * @param clientAddress as text, without port
 * @param tls what was settled with the client; {@link TlsFacts#NONE} where TLS ends elsewhere
 * @param sni the name that the client sent, lower case
 * @param connectNanos from the beginning until a server was connected; 0 if none was
 * @param bytesIn from the client
 * @param bytesOut from the server
 * @param result label of a {@link RelayEnd}, or of the failure to reach a server
 */
public record RelaySummary(
    String listener,
    String host,
    String mode,
    String clientAddress,
    TlsFacts tls,
    String sni,
    String upstream,
    String server,
    long connectNanos,
    long durationNanos,
    long bytesIn,
    long bytesOut,
    String result) {

  /** Whether it ended as client and server wanted. */
  public boolean good() {
    return result.equals(RelayEnd.CLOSED.label());
  }
}

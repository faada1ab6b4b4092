package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;

/**
 * How a host's bytes are forwarded, where it does not speak HTTP.
 *
 * @param upstream whose servers they go to
 * @param alpn in the mode tcp the protocols offered to clients, most wanted first; in the mode
 *     passthrough those of which a client must offer one; empty asks for none
 * @param idleTimeout after which a connection ends over which nothing passes
 * @param startTls what may come in clear before TLS
 */
public record RelayConfig(
    Mode mode, String upstream, List<String> alpn, Duration idleTimeout, StartTls startTls) {

  public RelayConfig {
    alpn = List.copyOf(alpn);
  }

  /** Where TLS ends. */
  public enum Mode {
    /** Here. */
    TCP,
    /** At the server; nothing is decrypted. */
    PASSTHROUGH
  }

  /** What a client asks in clear before its ClientHello. */
  public enum StartTls {
    NONE,
    /** The SSLRequest of PostgreSQL. */
    POSTGRES
  }
}

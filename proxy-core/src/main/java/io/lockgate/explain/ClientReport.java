package io.lockgate.explain;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the clients of a host speak, over the last 24 hours.
 *
 * @param handshakes that succeeded; the maps say how many of them settled on what
 * @param postQuantumShare of the handshakes that agreed on a group, those whose group withstands
 *     quantum computers
 * @param tls12 those that spoke TLS 1.2, and would have failed without it where the policy allows
 *     1.3 as well
 */
public record ClientReport(
    String host,
    long handshakes,
    Map<String, Long> versions,
    Map<String, Long> ciphers,
    Map<String, Long> groups,
    Map<String, Long> alpn,
    double postQuantumShare,
    Tls12 tls12) {

  /** Handshakes of TLS 1.2, and whose they were as far as requests told. */
  public record Tls12(long handshakes, double share, List<UserAgent> userAgents) {}

  /**
   * A program by what it calls itself.
   *
   * @param requests an estimate by samples, since it was seen first
   */
  public record UserAgent(String userAgent, long requests, Instant lastSeen) {}
}

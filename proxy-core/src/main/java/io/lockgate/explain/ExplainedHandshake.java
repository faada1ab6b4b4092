package io.lockgate.explain;

import io.lockgate.tls.Offer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why clients failed to connect, and what would help. Texts are empty where they do not apply.
 *
 * @param time of the last of {@code count} handshakes that failed alike
 * @param detail why, as it was told at the time
 * @param alertSent its name in RFC 8446 section 6
 * @param hint what to do, a sentence
 * @param key what to change, a path in the configuration
 * @param origin where that is written, {@code FILE:LINE}
 */
public record ExplainedHandshake(
    Instant time,
    Instant firstTime,
    long count,
    String clientAddress,
    String sni,
    String listener,
    String host,
    String reason,
    String detail,
    String alertSent,
    String alertReceived,
    Optional<Offer> offer,
    Optional<Wanted> wanted,
    String hint,
    String key,
    String origin) {

  /** What the policy of the host wants now. */
  public record Wanted(
      String policy,
      String minVersion,
      String maxVersion,
      List<String> ciphersTls12,
      List<String> groups,
      List<String> signatureAlgorithms) {}
}

package io.lockgate.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A certificate as served, for people and scripts.
 *
 * @param name as configured; for a directory, the source and the file
 * @param owner as configured, or empty
 * @param keyType such as {@code EC P-256} or {@code RSA 2048}
 * @param daysLeft whole days until it expires, negative afterwards
 * @param staple state of the OCSP response as in docs/admin.md; not_fetched where no daemon was
 *     asked
 * @param ocsp more of that response; empty where the certificate can have none
 * @param hosts configured hosts that it serves
 * @param handshakes full ones that it has served; empty where no daemon was asked
 * @param problems what is wrong with it, one sentence each
 */
public record CertificateView(
    String name,
    String owner,
    String subject,
    List<String> sans,
    String issuer,
    String serial,
    String keyType,
    Instant notBefore,
    Instant notAfter,
    long daysLeft,
    boolean chainComplete,
    String staple,
    Optional<OcspView> ocsp,
    List<String> hosts,
    Optional<Long> handshakes,
    List<String> problems) {
  public CertificateView {
    sans = List.copyOf(sans);
    hosts = List.copyOf(hosts);
    problems = List.copyOf(problems);
  }
}

package io.lockgate.admin;

import io.lockgate.config.model.HostConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.CertificateFacts;
import io.lockgate.pki.Finding;
import java.time.Instant;
import java.util.List;

/**
 * A certificate as served, for people and scripts.
 *
 * @param name as configured; for a directory, the source and the file
 * @param owner as configured, or empty
 * @param names every subject alternative name
 * @param serial in hex
 * @param keyType such as {@code EC P-256} or {@code RSA 2048}
 * @param daysLeft whole days until it expires, negative afterwards
 * @param staple state of the OCSP response: {@code off}
 * @param hosts configured hosts whose names it covers
 */
public record CertificateView(
    String name,
    String owner,
    String source,
    String subject,
    List<String> names,
    String issuer,
    String serial,
    String keyType,
    Instant notBefore,
    Instant notAfter,
    long daysLeft,
    boolean chainComplete,
    String staple,
    List<String> hosts,
    List<FindingView> findings) {
  public CertificateView {
    names = List.copyOf(names);
    hosts = List.copyOf(hosts);
    findings = List.copyOf(findings);
  }

  /** The whole inventory; takes time in proportion to hosts and certificates. */
  public static List<CertificateView> inventory(
      List<HostConfig> hosts, List<CertificateEntry> certificates, Instant now) {
    Coverage coverage = new Coverage(hosts, certificates);
    return certificates.stream()
        .map(entry -> of(CertificateFacts.of(entry, now), coverage.hostsOf(entry)))
        .toList();
  }

  static CertificateView of(CertificateFacts facts, List<String> hosts) {
    return new CertificateView(
        facts.name(),
        facts.owner().orElse(""),
        facts.source(),
        facts.subject(),
        facts.names(),
        facts.issuer(),
        facts.serial(),
        facts.keyType(),
        facts.notBefore(),
        facts.notAfter(),
        facts.daysLeft(),
        facts.chainComplete(),
        "off",
        hosts,
        facts.findings().stream().map(FindingView::of).toList());
  }

  /**
   * What is wrong with it although it is served.
   *
   * @param hint what to do, or empty
   */
  public record FindingView(String code, String severity, String message, String hint) {
    static FindingView of(Finding finding) {
      return new FindingView(
          finding.code(),
          Documents.lower(finding.severity()),
          finding.message(),
          finding.hint().orElse(""));
    }
  }
}

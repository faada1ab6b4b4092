package io.lockgate.app;

import io.lockgate.admin.CertificateView;
import io.lockgate.admin.HostView;
import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsConfig.StapleMode;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.CertificateFacts;
import io.lockgate.pki.Finding;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.snapshot.HostCoverage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Hosts and certificates side by side: which covers which. Parses certificates; not for loops. */
record Inventory(ProxyConfig config, IdentityCatalog catalog) {
  List<HostView> hosts() {
    HostCoverage coverage = new HostCoverage(catalog.entries());
    return config.hosts().stream().map(host -> view(host, coverage)).toList();
  }

  /**
   * @param staples what is known of the response of a certificate that can have one
   * @param handshakes how many full ones a certificate has served, where that is known
   */
  List<CertificateView> certificates(
      Instant now,
      Function<CertificateEntry, StapleShown> staples,
      Function<CertificateEntry, Optional<Long>> handshakes) {
    Map<String, List<String>> hostsByCertificate = new HashMap<>();
    HostCoverage coverage = new HostCoverage(catalog.entries());
    for (HostConfig host : config.hosts()) {
      for (CertificateEntry entry : coverage.covering(host)) {
        hostsByCertificate
            .computeIfAbsent(entry.name(), unused -> new ArrayList<>(1))
            .add(host.name().toString());
      }
    }
    return catalog.entries().stream()
        .map(
            entry ->
                view(
                    CertificateFacts.of(entry, now),
                    staple(entry, staples),
                    hostsByCertificate.getOrDefault(entry.name(), List.of()),
                    handshakes.apply(entry)))
        .toList();
  }

  private static HostView view(HostConfig host, HostCoverage coverage) {
    return HostView.of(host, coverage.covering(host).stream().map(CertificateEntry::name).toList());
  }

  private StapleShown staple(
      CertificateEntry entry, Function<CertificateEntry, StapleShown> staples) {
    StapleMode mode =
        config.certificates().stream()
            .filter(certificate -> certificate.name().equals(entry.configName()))
            .findFirst()
            .flatMap(CertificateConfig::staple)
            .orElse(config.tls().ocsp().staple());
    if (mode == StapleMode.OFF) {
      return new StapleShown("off", Optional.empty());
    }
    return entry.identity().ocspAddress().isEmpty()
        ? new StapleShown("not_applicable", Optional.empty())
        : staples.apply(entry);
  }

  private static CertificateView view(
      CertificateFacts facts, StapleShown staple, List<String> hosts, Optional<Long> handshakes) {
    return new CertificateView(
        facts.name(),
        facts.owner().orElse(""),
        facts.subject(),
        facts.names(),
        facts.issuer(),
        facts.serial(),
        facts.keyType(),
        facts.notBefore(),
        facts.notAfter(),
        facts.daysLeft(),
        facts.chainComplete(),
        staple.state(),
        staple.ocsp(),
        hosts,
        handshakes,
        facts.findings().stream().map(Finding::message).toList());
  }
}

package io.lockgate.app;

import io.lockgate.admin.CertificateView;
import io.lockgate.admin.HostView;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ProxyConfig;
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

/** Hosts and certificates side by side: which covers which. Parses certificates; not for loops. */
record Inventory(ProxyConfig config, IdentityCatalog catalog) {
  /** No response is fetched or stapled yet. */
  private static final String NOT_STAPLED = "off";

  List<HostView> hosts() {
    HostCoverage coverage = new HostCoverage(catalog.entries());
    return config.hosts().stream().map(host -> view(host, coverage)).toList();
  }

  List<CertificateView> certificates(Instant now) {
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
        .map(entry -> CertificateFacts.of(entry, now))
        .map(facts -> view(facts, hostsByCertificate.getOrDefault(facts.name(), List.of())))
        .toList();
  }

  private static HostView view(HostConfig host, HostCoverage coverage) {
    return HostView.of(host, coverage.covering(host).stream().map(CertificateEntry::name).toList());
  }

  private static CertificateView view(CertificateFacts facts, List<String> hosts) {
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
        NOT_STAPLED,
        hosts,
        facts.findings().stream().map(Finding::message).toList());
  }
}

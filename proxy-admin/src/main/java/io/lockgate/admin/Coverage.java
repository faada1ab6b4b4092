package io.lockgate.admin;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.pki.CertificateEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which certificates cover which hosts, by their names. Built for one question and thrown away;
 * takes time in proportion to the names there are.
 */
final class Coverage {
  private final Map<String, Set<String>> certificatesByHost = new HashMap<>();
  private final Map<String, Set<String>> hostsByCertificate = new HashMap<>();

  Coverage(List<HostConfig> hosts, List<CertificateEntry> certificates) {
    Map<String, List<String>> byName = new HashMap<>();
    for (CertificateEntry entry : certificates) {
      certificateNames(entry)
          .forEach(
              name -> byName.computeIfAbsent(name, key -> new ArrayList<>()).add(entry.name()));
    }
    for (HostConfig host : hosts) {
      Stream.concat(Stream.of(host.name()), host.aliases().stream())
          .flatMap(Coverage::coveringNames)
          .flatMap(name -> byName.getOrDefault(name, List.of()).stream())
          .forEach(certificate -> relate(host.name().toString(), certificate));
    }
  }

  List<String> certificatesOf(HostConfig host) {
    return List.copyOf(certificatesByHost.getOrDefault(host.name().toString(), Set.of()));
  }

  List<String> hostsOf(CertificateEntry certificate) {
    return List.copyOf(hostsByCertificate.getOrDefault(certificate.name(), Set.of()));
  }

  private void relate(String host, String certificate) {
    certificatesByHost.computeIfAbsent(host, key -> new LinkedHashSet<>()).add(certificate);
    hostsByCertificate.computeIfAbsent(certificate, key -> new LinkedHashSet<>()).add(host);
  }

  private static Stream<String> certificateNames(CertificateEntry entry) {
    return Stream.concat(
        entry.identity().dnsNames().stream(),
        entry.identity().addresses().stream().map(address -> address.getHostAddress()));
  }

  /** A wildcard stands for exactly one label (RFC 6125 section 6.4.3). */
  private static Stream<String> coveringNames(HostPattern host) {
    int dot = host.suffix().indexOf('.');
    return host.wildcard() || dot < 0
        ? Stream.of(host.toString())
        : Stream.of(host.toString(), "*" + host.suffix().substring(dot));
  }
}

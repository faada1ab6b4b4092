package io.lockgate.snapshot;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.CertificateEntry;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which names of hosts some certificate covers, by the rules that clients verify with (RFC 9525
 * section 6.3): a wildcard stands for exactly one left-most label. Pure; made once a check.
 */
public final class HostCoverage {
  private final Map<String, List<CertificateEntry>> byName = new HashMap<>();
  private final Map<String, List<CertificateEntry>> byWildcardSuffix = new HashMap<>();

  /**
   * By what follows the first label of each name: what a wildcard host gets its certificates by.
   */
  private final Map<String, List<CertificateEntry>> byParent = new HashMap<>();

  public HostCoverage(Iterable<CertificateEntry> entries) {
    for (CertificateEntry entry : entries) {
      entry.identity().dnsNames().forEach(name -> add(name, entry));
      for (InetAddress address : entry.identity().addresses()) {
        put(byName, NetUtil.toAddressString(address), entry);
      }
    }
  }

  /** An error for every name that is served over TLS and that no client could accept. */
  public List<ConfigProblem> problems(ProxyConfig config) {
    return problems(config, pattern -> !covering(pattern).isEmpty());
  }

  /**
   * The same for whoever has an index of names already.
   *
   * @param covered whether some certificate covers a name
   */
  static List<ConfigProblem> problems(ProxyConfig config, Predicate<HostPattern> covered) {
    List<ConfigProblem> problems = new ArrayList<>();
    for (HostConfig host : config.hosts()) {
      if (!host.passthrough() && servedOverTls(host, config)) {
        if (!covered.test(host.name())) {
          problems.add(problem(host, host.name(), config));
        }
        for (HostPattern alias : host.aliases()) {
          if (!covered.test(alias)) {
            problems.add(problem(host, alias, config));
          }
        }
      }
    }
    return problems;
  }

  /** Certificates that cover any of the host's names, each once. */
  public Set<CertificateEntry> covering(HostConfig host) {
    Set<CertificateEntry> entries = new LinkedHashSet<>();
    patterns(host).forEach(pattern -> entries.addAll(covering(pattern)));
    return entries;
  }

  public List<CertificateEntry> covering(HostPattern pattern) {
    String name = IdentityIndex.oneSpelling(pattern.suffix());
    return pattern.wildcard()
        ? both(
            byWildcardSuffix.getOrDefault(name, List.of()), byParent.getOrDefault(name, List.of()))
        : both(
            byName.getOrDefault(name, List.of()),
            byWildcardSuffix.getOrDefault(parent(name), List.of()));
  }

  private static Stream<HostPattern> patterns(HostConfig host) {
    return Stream.concat(Stream.of(host.name()), host.aliases().stream());
  }

  private void add(String name, CertificateEntry entry) {
    if (name.startsWith("*.")) {
      put(byWildcardSuffix, name.substring(2), entry);
    } else {
      put(byName, name, entry);
      put(byParent, parent(name), entry);
    }
  }

  private static void put(
      Map<String, List<CertificateEntry>> index, String key, CertificateEntry entry) {
    index.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(entry);
  }

  private static List<CertificateEntry> both(
      List<CertificateEntry> some, List<CertificateEntry> more) {
    List<CertificateEntry> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /** Empty where there is no parent, which no host's name equals. */
  private static String parent(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  private static boolean servedOverTls(HostConfig host, ProxyConfig config) {
    for (ListenerConfig listener : config.listeners()) {
      if (listener.tls()
          && (host.listeners().isEmpty() || host.listeners().contains(listener.name()))) {
        return true;
      }
    }
    return false;
  }

  private static ConfigProblem problem(HostConfig host, HostPattern name, ProxyConfig config) {
    String path = "hosts.\"" + host.name() + "\"";
    Origin origin = config.origins().of(path).orElse(Origin.BUILT_IN);
    return ConfigProblem.error(
        "uncovered-host",
        path,
        origin,
        "no certificate covers \"" + name + "\"",
        "add one to certificates, or serve the host on plain listeners only");
  }
}

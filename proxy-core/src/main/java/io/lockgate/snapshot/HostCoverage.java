package io.lockgate.snapshot;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.Identity;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which names of hosts some certificate covers, by the rules that clients verify with (RFC 9525
 * section 6.3): a wildcard stands for exactly one left-most label. Pure; made once a check.
 */
public final class HostCoverage {
  private final Set<String> names = new HashSet<>();
  private final Set<String> wildcardSuffixes = new HashSet<>();

  /** What follows the first label of each name: what a wildcard host gets its certificates by. */
  private final Set<String> parents = new HashSet<>();

  public HostCoverage(Iterable<Identity> identities) {
    for (Identity identity : identities) {
      identity.dnsNames().forEach(this::add);
      identity.addresses().stream().map(InetAddress::getHostAddress).forEach(names::add);
    }
  }

  /** An error for every name that is served over TLS and that no client could accept. */
  public List<ConfigProblem> problems(ProxyConfig config) {
    List<ConfigProblem> problems = new ArrayList<>();
    for (HostConfig host : config.hosts()) {
      if (servedOverTls(host, config)) {
        Stream.concat(Stream.of(host.name()), host.aliases().stream())
            .filter(pattern -> !covers(pattern))
            .forEach(pattern -> problems.add(problem(host, pattern, config)));
      }
    }
    return problems;
  }

  public boolean covers(HostPattern pattern) {
    if (pattern.wildcard()) {
      return wildcardSuffixes.contains(pattern.suffix()) || parents.contains(pattern.suffix());
    }
    return names.contains(pattern.suffix()) || wildcardSuffixes.contains(parent(pattern.suffix()));
  }

  private void add(String name) {
    if (name.startsWith("*.")) {
      wildcardSuffixes.add(name.substring(2));
    } else {
      names.add(name);
      parents.add(parent(name));
    }
  }

  /** Empty where there is no parent, which no suffix equals. */
  private static String parent(String name) {
    return name.substring(name.indexOf('.') + 1).equals(name)
        ? ""
        : name.substring(name.indexOf('.') + 1);
  }

  private static boolean servedOverTls(HostConfig host, ProxyConfig config) {
    return config.listeners().stream()
        .filter(l -> host.listeners().isEmpty() || host.listeners().contains(l.name()))
        .anyMatch(ListenerConfig::tls);
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

package io.lockgate.snapshot;

import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.table.FlatTable;
import io.lockgate.tls.HostIdentities;
import io.lockgate.tls.SniMatch;
import io.lockgate.tls.SniTable;
import io.lockgate.tls.TlsHost;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which identities cover a name: those that are valid first, and of these the ones that last
 * longest. Shares with the index before what is the same. Immutable.
 */
public final class IdentityIndex implements HostIdentities<TlsHost> {
  static final IdentityIndex EMPTY = new IdentityIndex(SniTable.empty(), Map.of());

  private final SniTable<List<Identity>> byName;

  /** Of the suffixes of wildcard hosts. */
  private final Map<String, Identity> anyBelow;

  private IdentityIndex(SniTable<List<Identity>> byName, Map<String, Identity> anyBelow) {
    this.byName = byName;
    this.anyBelow = anyBelow;
  }

  /**
   * @param before the index of the generation before
   */
  static IdentityIndex of(
      IdentityCatalog catalog, ProxyConfig config, Instant now, IdentityIndex before) {
    return new Draft(catalog.entries(), wildcards(config)).index(now, before);
  }

  private static Set<String> wildcards(ProxyConfig config) {
    Set<String> suffixes = new HashSet<>();
    config
        .hosts()
        .forEach(
            host -> {
              addWildcard(suffixes, host.name());
              host.aliases().forEach(alias -> addWildcard(suffixes, alias));
            });
    return suffixes;
  }

  private static void addWildcard(Set<String> suffixes, HostPattern pattern) {
    if (pattern.wildcard()) {
      suffixes.add(pattern.suffix());
    }
  }

  /** An index while it is gathered. Names of one identity, which are nearly all, take no object. */
  private static final class Draft {
    private final FlatTable.Builder<String, Identity> first;
    private final Map<String, Set<Identity>> several = new HashMap<>();
    private final Map<String, Identity> anyBelow = new HashMap<>();
    private final Set<String> wildcards;

    Draft(List<CertificateEntry> entries, Set<String> wildcards) {
      this.first = FlatTable.builder(2 * entries.size());
      this.wildcards = wildcards;
      for (CertificateEntry entry : entries) {
        add(entry.identity());
      }
    }

    private void add(Identity identity) {
      for (String name : identity.dnsNames()) {
        add(name, identity);
        int dot = name.indexOf('.');
        // A name of one label stands below none, least of all below itself.
        if (dot >= 0 && wildcards.contains(name.substring(dot + 1))) {
          anyBelow.putIfAbsent(name.substring(dot + 1), identity);
        }
      }
      for (InetAddress address : identity.addresses()) {
        add(NetUtil.toAddressString(address), identity);
      }
    }

    private void add(String name, Identity identity) {
      Identity other = first.putIfAbsent(name, identity, identity);
      if (!other.equals(identity)) {
        Set<Identity> all = several.computeIfAbsent(name, unseen -> new LinkedHashSet<>(4));
        all.add(other);
        all.add(identity);
      }
    }

    IdentityIndex index(Instant now, IdentityIndex before) {
      SniTable.Builder<List<Identity>> table = SniTable.builder(before.byName);
      first
          .build()
          .forEach(
              (name, identity) -> {
                Set<Identity> all = several.getOrDefault(name, Set.of());
                List<Identity> known = before.exactly(name);
                table.add(name, all.isEmpty() ? alone(identity, known) : sorted(all, now, known));
              });
      return new IdentityIndex(table.build(), Map.copyOf(anyBelow));
    }

    private static List<Identity> alone(Identity identity, List<Identity> known) {
      return known.size() == 1 && known.get(0).equals(identity) ? known : List.of(identity);
    }

    private static List<Identity> sorted(Set<Identity> all, Instant now, List<Identity> known) {
      List<Identity> sorted = new ArrayList<>(all);
      sorted.sort(bestFirst(now));
      return sorted.equals(known) ? known : List.copyOf(sorted);
    }
  }

  private static Comparator<Identity> bestFirst(Instant now) {
    return Comparator.comparing((Identity identity) -> !valid(identity, now))
        .thenComparing(Identity::notAfter, Comparator.reverseOrder());
  }

  private static boolean valid(Identity identity, Instant now) {
    return !now.isBefore(identity.notBefore()) && now.isBefore(identity.notAfter());
  }

  /** What a name that the client sent is covered by; for others the host's own. */
  @Override
  public List<Identity> of(TlsHost host, String serverName) {
    List<Identity> covering = serverName.isEmpty() ? List.of() : covering(serverName);
    return covering.isEmpty() ? own(host.label()) : covering;
  }

  private List<Identity> own(String pattern) {
    return pattern.startsWith("*.") ? below(pattern.substring(2)) : covering(oneSpelling(pattern));
  }

  /** Whether some client could accept what is served under the pattern. */
  boolean covers(HostPattern pattern) {
    return !own(pattern.toString()).isEmpty();
  }

  /** The identities that cover a name; empty where none does. */
  private List<Identity> covering(String name) {
    Optional<SniMatch<List<Identity>>> match = byName.match(name);
    return match.isPresent() ? match.get().value() : List.of();
  }

  /** The same without what a wildcard covers. */
  private List<Identity> exactly(String pattern) {
    Optional<SniMatch<List<Identity>>> match = byName.match(pattern);
    return match.isPresent() && match.get().pattern().equals(pattern)
        ? match.get().value()
        : List.of();
  }

  /** What stands in for a wildcard host when a client gives no name, or one that is not covered. */
  private List<Identity> below(String suffix) {
    List<Identity> wildcard = covering("*." + suffix);
    if (!wildcard.isEmpty()) {
      return wildcard;
    }
    Identity any = anyBelow.get(suffix);
    return any == null ? List.of() : List.of(any);
  }

  /** Addresses of IPv6 have several. */
  static String oneSpelling(String name) {
    InetAddress address =
        name.indexOf(':') < 0 ? null : NetUtil.createInetAddressFromIpAddressString(name);
    return address == null ? name : NetUtil.toAddressString(address);
  }
}

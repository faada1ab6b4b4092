package io.lockgate.snapshot;

import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.tls.SniMatch;
import io.lockgate.tls.SniTable;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which identities cover a name: those that are valid first, and of these the ones that last
 * longest. Immutable.
 */
final class IdentityIndex {
  private final SniTable<List<Identity>> byName;
  private final Map<String, Identity> anyBelow;

  private IdentityIndex(SniTable<List<Identity>> byName, Map<String, Identity> anyBelow) {
    this.byName = byName;
    this.anyBelow = anyBelow;
  }

  static IdentityIndex of(IdentityCatalog catalog, Instant now) {
    Map<String, Set<Identity>> names = new HashMap<>();
    Map<String, Identity> anyBelow = new HashMap<>();
    for (CertificateEntry entry : catalog.entries()) {
      Identity identity = entry.identity();
      for (String name : identity.dnsNames()) {
        names.computeIfAbsent(name, unseen -> new LinkedHashSet<>(2)).add(identity);
        anyBelow.putIfAbsent(name.substring(name.indexOf('.') + 1), identity);
      }
      for (InetAddress address : identity.addresses()) {
        names
            .computeIfAbsent(address.getHostAddress(), unseen -> new LinkedHashSet<>(2))
            .add(identity);
      }
    }
    SniTable.Builder<List<Identity>> table = SniTable.builder();
    names.forEach(
        (name, identities) -> {
          List<Identity> sorted = new ArrayList<>(identities);
          if (sorted.size() > 1) {
            sorted.sort(bestFirst(now));
          }
          table.add(name, List.copyOf(sorted));
        });
    return new IdentityIndex(table.build(), anyBelow);
  }

  private static Comparator<Identity> bestFirst(Instant now) {
    return Comparator.comparing((Identity identity) -> !valid(identity, now))
        .thenComparing(Identity::notAfter, Comparator.reverseOrder());
  }

  private static boolean valid(Identity identity, Instant now) {
    return !now.isBefore(identity.notBefore()) && now.isBefore(identity.notAfter());
  }

  /** The identities that cover a name; empty where none does. */
  List<Identity> covering(String name) {
    Optional<SniMatch<List<Identity>>> match = byName.match(name);
    return match.isPresent() ? match.get().value() : List.of();
  }

  /** What stands in for a wildcard host when a client gives no name, or one that is not covered. */
  List<Identity> below(String suffix) {
    List<Identity> wildcard = covering("*." + suffix);
    if (!wildcard.isEmpty()) {
      return wildcard;
    }
    Identity any = anyBelow.get(suffix);
    return any == null ? List.of() : List.of(any);
  }
}

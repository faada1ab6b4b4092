package io.lockgate.pki;

import io.lockgate.config.model.ConfigProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every identity that the configuration's certificate sources gave, with what was found wrong.
 * Immutable; lookups touch no file and may be made on event loops.
 */
public final class IdentityCatalog {
  public static final IdentityCatalog EMPTY =
      new IdentityCatalog(List.of(), List.of(), List.of(), Map.of());

  private final List<CertificateEntry> entries;
  private final List<ConfigProblem> problems;
  private final List<String> notes;
  private final Map<String, CertificateEntry> byName;
  private final Map<String, Identity> byDigest;
  private final Map<Path, LoadedPair> loaded;

  IdentityCatalog(
      List<CertificateEntry> entries,
      List<ConfigProblem> problems,
      List<String> notes,
      Map<Path, LoadedPair> loaded) {
    this.entries = List.copyOf(entries);
    this.problems = List.copyOf(problems);
    this.notes = List.copyOf(notes);
    this.loaded = loaded;
    this.byName = new HashMap<>(entries.size() * 2);
    this.byDigest = new HashMap<>(entries.size() * 2);
    for (CertificateEntry entry : entries) {
      byName.put(entry.name(), entry);
      byDigest.putIfAbsent(entry.identity().digest(), entry.identity());
    }
  }

  /** A catalog of what is at hand already, without files behind it. */
  public static IdentityCatalog of(List<CertificateEntry> entries) {
    return new IdentityCatalog(entries, List.of(), List.of(), Map.of());
  }

  /** In the order of the configuration; those of a directory by file name. */
  public List<CertificateEntry> entries() {
    return entries;
  }

  /** Errors forbid serving this catalog; warnings repeat the findings of its entries. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  /** What the load did, or a check left undone, beyond reading: sentences for a log. */
  public List<String> notes() {
    return notes;
  }

  /** Whether nothing forbids serving it. */
  public boolean servable() {
    return problems.stream().noneMatch(p -> p.severity() == ConfigProblem.Severity.ERROR);
  }

  public Optional<CertificateEntry> entry(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Optional<Identity> byDigest(String digest) {
    return Optional.ofNullable(byDigest.get(digest));
  }

  /** Whether both have the same identities under the same names: then a reload changed none. */
  public boolean sameIdentities(IdentityCatalog other) {
    return identitiesByName().equals(other.identitiesByName());
  }

  Optional<LoadedPair> loadedFrom(Path chain) {
    return Optional.ofNullable(loaded.get(chain));
  }

  Iterable<LoadedPair> loadedPairs() {
    return loaded.values();
  }

  private List<String> identitiesByName() {
    List<String> pairs = new ArrayList<>(entries.size());
    entries.forEach(entry -> pairs.add(entry.name() + ' ' + entry.identity().digest()));
    return pairs;
  }
}

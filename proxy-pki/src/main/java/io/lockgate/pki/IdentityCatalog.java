package io.lockgate.pki;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.table.FlatTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Every identity that the configuration's certificate sources gave, with what was found wrong.
 * Immutable; lookups touch no file and may be made on event loops.
 */
public final class IdentityCatalog {
  public static final IdentityCatalog EMPTY =
      new IdentityCatalog(List.of(), List.of(), List.of(), FlatTable.empty(), Map.of());

  private final List<CertificateEntry> entries;
  private final List<ConfigProblem> problems;
  private final List<String> notes;
  private final FlatTable<String, CertificateEntry> byName;
  private final FlatTable<String, Identity> byDigest;
  private final FlatTable<Path, LoadedPair> loaded;
  private final Map<String, List<PairRequest>> listed;

  /**
   * @param loaded by the chain's file
   * @param listed what was asked for of each directory, by the source's name
   */
  IdentityCatalog(
      List<CertificateEntry> entries,
      List<ConfigProblem> problems,
      List<String> notes,
      FlatTable<Path, LoadedPair> loaded,
      Map<String, List<PairRequest>> listed) {
    this.entries = List.copyOf(entries);
    this.problems = List.copyOf(problems);
    this.notes = List.copyOf(notes);
    this.loaded = loaded;
    this.listed = Map.copyOf(listed);
    FlatTable.Builder<String, CertificateEntry> names = FlatTable.builder(entries.size());
    FlatTable.Builder<String, Identity> digests = FlatTable.builder(entries.size());
    for (CertificateEntry entry : entries) {
      names.put(entry.name(), entry);
      digests.putIfAbsent(entry.identity().digest(), entry.identity(), entry.identity());
    }
    this.byName = names.build();
    this.byDigest = digests.build();
  }

  /** A catalog of what is at hand already, without files behind it. */
  public static IdentityCatalog of(List<CertificateEntry> entries) {
    return new IdentityCatalog(entries, List.of(), List.of(), FlatTable.empty(), Map.of());
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
    return Optional.ofNullable(byName.getOrDefault(name, null));
  }

  public Optional<Identity> byDigest(String digest) {
    return Optional.ofNullable(byDigest.getOrDefault(digest, null));
  }

  /** Whether both have the same identities under the same names: then a reload changed none. */
  public boolean sameIdentities(IdentityCatalog other) {
    if (entries.size() != other.entries.size()) {
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      CertificateEntry mine = entries.get(i);
      CertificateEntry its = other.entries.get(i);
      if (!mine.name().equals(its.name()) || !mine.identity().equals(its.identity())) {
        return false;
      }
    }
    return true;
  }

  Optional<LoadedPair> loadedFrom(Path chain) {
    return Optional.ofNullable(loaded.getOrDefault(chain, null));
  }

  void forEachLoaded(Consumer<LoadedPair> action) {
    loaded.forEach((chain, pair) -> action.accept(pair));
  }

  /** What was asked for of a directory, in the order of the names; empty if it was not listed. */
  List<PairRequest> listed(String source) {
    return listed.getOrDefault(source, List.of());
  }
}

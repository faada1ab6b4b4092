package io.lockgate.tls;

import io.lockgate.table.FlatTable;
import java.util.Optional;

/**
 * An immutable index of host names: exact names, and left-most wildcards that stand for one label
 * (RFC 9525 section 6.3). Looking up costs the same however many names there are, and an exact name
 * allocates nothing.
 */
public final class SniTable<T> {
  private final FlatTable<String, Optional<SniMatch<T>>> exact;

  /** By what follows {@code "*."}. */
  private final FlatTable<String, Optional<SniMatch<T>>> wildcards;

  private SniTable(
      FlatTable<String, Optional<SniMatch<T>>> exact,
      FlatTable<String, Optional<SniMatch<T>>> wildcards) {
    this.exact = exact;
    this.wildcards = wildcards;
  }

  public static <T> SniTable<T> empty() {
    return new SniTable<>(FlatTable.empty(), FlatTable.empty());
  }

  public static <T> Builder<T> builder() {
    return builder(SniTable.<T>empty());
  }

  /**
   * A builder of what follows another table: entries that both have are shared, so that a table of
   * very many of which few differ costs little.
   */
  public static <T> Builder<T> builder(SniTable<T> before) {
    return new Builder<>(before);
  }

  /**
   * @param name lower case, without a trailing dot
   */
  public Optional<SniMatch<T>> match(String name) {
    Optional<SniMatch<T>> found = exact.getOrDefault(name, Optional.empty());
    if (found.isPresent() || wildcards.isEmpty()) {
      return found;
    }
    int dot = name.indexOf('.');
    return dot <= 0
        ? Optional.empty()
        : wildcards.getOrDefault(name.substring(dot + 1), Optional.empty());
  }

  /** Patterns held. */
  public int size() {
    return exact.size() + wildcards.size();
  }

  /** Collects patterns; not for use by several threads. */
  public static final class Builder<T> {
    private final SniTable<T> before;
    private final FlatTable.Builder<String, Optional<SniMatch<T>>> exact;
    private final FlatTable.Builder<String, Optional<SniMatch<T>>> wildcards;

    private Builder(SniTable<T> before) {
      this.before = before;
      this.exact = FlatTable.builder(before.exact.size());
      this.wildcards = FlatTable.builder(before.wildcards.size());
    }

    /**
     * @param pattern an exact name or {@code *.} and a name, lower case
     * @return what the pattern already stands for, in which case nothing is changed
     */
    public Optional<T> add(String pattern, T value) {
      boolean wildcard = pattern.startsWith("*.");
      String key = wildcard ? pattern.substring(2) : pattern;
      Optional<SniMatch<T>> known =
          (wildcard ? before.wildcards : before.exact).getOrDefault(key, Optional.empty());
      SniMatch.Kind kind = wildcard ? SniMatch.Kind.WILDCARD : SniMatch.Kind.EXACT;
      Optional<SniMatch<T>> entry =
          known.isPresent() && known.get().value() == value
              ? known
              : Optional.of(new SniMatch<>(value, pattern, kind));
      return (wildcard ? wildcards : exact)
          .putIfAbsent(key, entry, Optional.empty())
          .map(SniMatch::value);
    }

    /** The builder must not be used afterwards. */
    public SniTable<T> build() {
      return new SniTable<>(exact.build(), wildcards.build());
    }
  }
}

package io.lockgate.tls;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An immutable index of host names: exact names, and left-most wildcards that stand for one label
 * (RFC 9525 section 6.3). Looking up costs the same however many names there are, and an exact name
 * allocates nothing.
 */
public final class SniTable<T> {
  private final Map<String, Optional<SniMatch<T>>> exact;

  /** By what follows {@code "*."}. */
  private final Map<String, Optional<SniMatch<T>>> wildcards;

  private SniTable(
      Map<String, Optional<SniMatch<T>>> exact, Map<String, Optional<SniMatch<T>>> wildcards) {
    this.exact = exact;
    this.wildcards = wildcards;
  }

  public static <T> Builder<T> builder() {
    return new Builder<>();
  }

  /**
   * @param name lower case, without a trailing dot
   */
  public Optional<SniMatch<T>> match(String name) {
    Optional<SniMatch<T>> found = exact.get(name);
    if (found != null) {
      return found;
    }
    if (wildcards.isEmpty()) {
      return Optional.empty();
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
    private Map<String, Optional<SniMatch<T>>> exact = new HashMap<>();
    private Map<String, Optional<SniMatch<T>>> wildcards = new HashMap<>();

    private Builder() {}

    /**
     * @param pattern an exact name or {@code *.} and a name, lower case
     * @return what the pattern already stands for, in which case nothing is changed
     */
    public Optional<T> add(String pattern, T value) {
      boolean wildcard = pattern.startsWith("*.");
      SniMatch.Kind kind = wildcard ? SniMatch.Kind.WILDCARD : SniMatch.Kind.EXACT;
      Optional<SniMatch<T>> present =
          (wildcard ? wildcards : exact)
              .putIfAbsent(
                  wildcard ? pattern.substring(2) : pattern,
                  Optional.of(new SniMatch<>(value, pattern, kind)));
      return present == null ? Optional.empty() : present.map(SniMatch::value);
    }

    /** The builder is empty afterwards. */
    public SniTable<T> build() {
      SniTable<T> built = new SniTable<>(exact, wildcards);
      exact = new HashMap<>();
      wildcards = new HashMap<>();
      return built;
    }
  }
}

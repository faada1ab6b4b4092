package io.lockgate.tls;

import java.util.Optional;

/**
 * An immutable index of host names: exact names, and left-most wildcards that stand for one label
 * (RFC 9525 section 6.3). Looking up costs the same however many names there are.
 */
public final class SniTable<T> {

  public static <T> Builder<T> builder() {
    return new Builder<>();
  }

  /**
   * @param name lower case, without a trailing dot
   */
  public Optional<SniMatch<T>> match(String name) {
    throw new UnsupportedOperationException();
  }

  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Collects names; not for use by several threads. */
  public static final class Builder<T> {

    /**
     * @param pattern an exact name or {@code *.} and a name, lower case
     * @return what the pattern already stands for, in which case nothing is changed
     */
    public Optional<T> add(String pattern, T value) {
      throw new UnsupportedOperationException();
    }

    public SniTable<T> build() {
      throw new UnsupportedOperationException();
    }
  }
}

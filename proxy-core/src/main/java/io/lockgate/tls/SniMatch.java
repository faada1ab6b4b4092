package io.lockgate.tls;

/**
 * Which entry answers for a name, and why.
 *
 * @param pattern the entry that matched, as configured
 */
public record SniMatch<T>(T value, String pattern, Kind kind) {

  /** By what rule an entry matched. */
  public enum Kind {
    EXACT,
    WILDCARD,
    FALLBACK
  }
}

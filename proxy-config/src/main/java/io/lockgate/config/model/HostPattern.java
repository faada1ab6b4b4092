package io.lockgate.config.model;

import java.util.Locale;

/**
 * An exact host name, a left-most wildcard, or an IP literal; lower case, A-labels, no trailing
 * dot.
 *
 * @param suffix the whole name, or for a wildcard what follows {@code "*."}
 */
public record HostPattern(String suffix, boolean wildcard) {
  private static final int LONGEST_LABEL = 63;

  /**
   * Parses {@code www.example.com}, {@code *.example.com} or an IP literal.
   *
   * @throws IllegalArgumentException with a sentence for the operator
   */
  public static HostPattern parse(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    boolean wildcard = name.startsWith("*.");
    String suffix = wildcard ? name.substring(2) : name;
    if (suffix.endsWith(".")) {
      suffix = suffix.substring(0, suffix.length() - 1);
    }
    if (suffix.isEmpty() || suffix.length() > 253) {
      throw new IllegalArgumentException("a host name has 1 to 253 characters: \"" + text + "\"");
    }
    boolean literal = suffix.indexOf(':') >= 0;
    if (literal ? !suffix.matches("[0-9a-f:.]+") || wildcard : !isName(suffix)) {
      throw new IllegalArgumentException(
          suffix.indexOf('*') >= 0
              ? "only the left-most label can be a wildcard, as in \"*.example.com\": \""
                  + text
                  + "\""
              : "not a host name: \"" + text + "\"");
    }
    return new HostPattern(suffix, wildcard);
  }

  /** Labels of 1 to 63 letters, digits, hyphens and underscores, with no hyphen at either end. */
  private static boolean isName(String name) {
    int start = 0;
    for (int i = 0; i <= name.length(); i++) {
      if (i == name.length() || name.charAt(i) == '.') {
        if (i == start
            || i - start > LONGEST_LABEL
            || name.charAt(start) == '-'
            || name.charAt(i - 1) == '-') {
          return false;
        }
        start = i + 1;
      } else if (!isLabelCharacter(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLabelCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  /** Written out as every start comes here: what Java makes of a record is made at run time. */
  @Override
  public int hashCode() {
    return suffix.hashCode() * 2 + (wildcard ? 1 : 0);
  }

  @Override
  public String toString() {
    return wildcard ? "*." + suffix : suffix;
  }
}

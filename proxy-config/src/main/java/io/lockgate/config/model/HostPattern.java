package io.lockgate.config.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An exact host name, a left-most wildcard, or an IP literal; lower case, A-labels, no trailing
 * dot.
 *
 * @param suffix the whole name, or for a wildcard what follows {@code "*."}
 */
public record HostPattern(String suffix, boolean wildcard) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

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

  private static boolean isName(String name) {
    for (String label : name.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return wildcard ? "*." + suffix : suffix;
  }
}

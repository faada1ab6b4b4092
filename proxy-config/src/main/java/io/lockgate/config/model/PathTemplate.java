package io.lockgate.config.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A path with places for the groups of a regular expression: {@code $1} to {@code $9}; {@code $$}
 * is a dollar sign. Begins with a slash that is written, so that no group decides what a path
 * begins with.
 */
public record PathTemplate(List<Part> parts) {
  public PathTemplate {
    parts = List.copyOf(parts);
  }

  /** Text as it is forwarded, or what a group matched. */
  public sealed interface Part {
    /** Percent-encoded where it has to be. */
    record Text(String text) implements Part {}

    record Group(int number) implements Part {}
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException with a sentence for the operator
   */
  public static PathTemplate parse(String template) {
    if (!template.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with a slash");
    }
    List<Part> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < template.length(); at++) {
      char c = template.charAt(at);
      if (c != '$') {
        text.append(c);
        continue;
      }
      char next = ++at < template.length() ? template.charAt(at) : ' ';
      if (next == '$') {
        text.append('$');
      } else if (next >= '1' && next <= '9') {
        addText(parts, text);
        parts.add(new Part.Group(next - '0'));
      } else {
        throw new IllegalArgumentException("a dollar sign stands before 1 to 9 or another one");
      }
    }
    addText(parts, text);
    return new PathTemplate(parts);
  }

  private static void addText(List<Part> parts, StringBuilder text) {
    if (text.length() > 0) {
      parts.add(new Part.Text(text.toString()));
      text.setLength(0);
    }
  }

  /** The highest group it asks for; 0 if none. */
  public int highestGroup() {
    return parts.stream()
        .mapToInt(part -> part instanceof Part.Group group ? group.number() : 0)
        .max()
        .orElse(0);
  }
}

package io.lockgate.config.hocon;

import java.util.ArrayList;
import java.util.List;

/** The schema written out as {@code reference.conf} and as the key table of the documents. */
final class ReferenceText {
  private static final int WIDTH = 96;
  private static final String HEAD =
      """
      # Every key of Lockgate's configuration, with its default.
      #
      # Lines that begin with "#" and a blank are comments. Lines that begin with "#" and no blank
      # are keys without a default, and the keys of blocks that have to be named or that mean
      # something by being there; take the "#" away to use them. Keys marked "required" have to be
      # given in every such block. Keys marked "not yet" are known, and refused until a version
      # of Lockgate can do what they ask for.
      #
      # Durations: 500ms 30s 5m 12h 365d. Sizes: 512B 16KiB 10MiB 1GiB. Shares: 50%. Switches: on off.
      # A relative path begins at the file that names it.
      #
      # This file is for reading; the daemon does not load it.

      lockgate {
      """;

  private final List<String> lines = new ArrayList<>();

  static String referenceConf() {
    ReferenceText text = new ReferenceText();
    text.keys(Schema.LOCKGATE, "", 1, "");
    return HEAD + String.join("\n", text.lines) + "\n}\n";
  }

  static String table() {
    ReferenceText text = new ReferenceText();
    text.lines.add("| Key | Type | Default | |");
    text.lines.add("|---|---|---|---|");
    text.rows(Schema.LOCKGATE, "", "");
    return String.join("\n", text.lines) + "\n";
  }

  /** The shape below lists and names: what decides whether there are keys below a key. */
  static Shape core(Shape shape) {
    if (shape instanceof Shape.ListOf list) {
      return core(list.element());
    }
    if (shape instanceof Shape.OneOrMore list) {
      return list.element();
    }
    if (shape instanceof Shape.Named named) {
      return named.section();
    }
    return shape instanceof Shape.TextOr either ? either.section() : shape;
  }

  static boolean isMany(Shape shape) {
    return shape instanceof Shape.ListOf || shape instanceof Shape.Named;
  }

  private void keys(Section section, String pattern, int depth, String mark) {
    String indent = "  ".repeat(depth);
    boolean first = true;
    for (Key key : section.keys()) {
      if (!first) {
        lines.add("");
      }
      first = false;
      String path = below(pattern, key.name());
      comment(indent, key.doc());
      comment(indent, typeLine(key, path));
      key(key, path, depth, key.presence() == Key.Presence.DEFAULTED ? mark : "#");
    }
  }

  private void key(Key key, String path, int depth, String mark) {
    String indent = "  ".repeat(depth);
    Shape core = core(key.shape());
    if (key.shape() instanceof Shape.Named named) {
      lines.add(indent + mark + key.name() + " {");
      lines.add(indent + "  #" + (named.quoted() ? "\"www.example.com\"" : "NAME") + " {");
      keys(named.section(), path + ".*", depth + 2, "#");
      lines.add(indent + "  #}");
      lines.add(indent + mark + "}");
    } else if (key.shape() instanceof Shape.ListOf && core instanceof Section section) {
      lines.add(indent + "#" + key.name() + " = [");
      lines.add(indent + "  #{");
      keys(section, path + ".*", depth + 2, "#");
      lines.add(indent + "  #}");
      lines.add(indent + "#]");
    } else if (key.shape() instanceof Section section) {
      lines.add(indent + mark + key.name() + " {");
      keys(section, path, depth + 1, mark);
      lines.add(indent + mark + "}");
    } else {
      lines.add(indent + mark + key.name() + " = " + defaultOf(key));
    }
  }

  static String defaultOf(Key key) {
    if (key.shape() instanceof Shape.FieldMap) {
      return "{}";
    }
    if (key.presence() != Key.Presence.DEFAULTED) {
      return "null";
    }
    List<String> texts = key.fallback().stream().map(Quoted::asWritten).toList();
    return key.shape() instanceof Shape.ListOf || key.shape() instanceof Shape.OneOrMore
        ? "[" + String.join(", ", texts) + "]"
        : texts.get(0);
  }

  private static String typeLine(Key key, String path) {
    return "("
        + typeOf(key)
        + (key.presence() == Key.Presence.REQUIRED ? "; required" : "")
        + (key.note().isEmpty() ? "" : "; default: " + key.note())
        + (isWhollyRefused(path) ? "; not yet" : "")
        + ")";
  }

  private static String typeOf(Key key) {
    return key.shape().label();
  }

  private static boolean isWhollyRefused(String path) {
    return Refusals.isWhollyRefused(path);
  }

  private void comment(String indent, String text) {
    StringBuilder line = new StringBuilder(indent).append("#");
    for (String word : text.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent).append("#");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
  }

  private void rows(Section section, String pattern, String shown) {
    for (Key key : section.keys()) {
      String path = below(pattern, key.name());
      String name = below(shown, key.name());
      boolean grouped = key.shape() instanceof Section || key.shape() instanceof Shape.Named;
      lines.add(
          "| `"
              + name
              + "` | "
              + cell(typeOf(key))
              + " | "
              + (grouped ? "" : defaultCell(key))
              + " | "
              + cell(key.doc())
              + (isWhollyRefused(path) ? " *Not yet.*" : "")
              + " |");
      if (core(key.shape()) instanceof Section below) {
        rows(below, isMany(key.shape()) ? path + ".*" : path, name + suffix(key.shape()));
      }
    }
  }

  private static String suffix(Shape shape) {
    if (shape instanceof Shape.Named) {
      return ".NAME";
    }
    return shape instanceof Shape.ListOf ? "[]" : "";
  }

  private static String defaultCell(Key key) {
    if (key.presence() == Key.Presence.REQUIRED) {
      return "required";
    }
    if (!key.note().isEmpty()) {
      return key.presence() == Key.Presence.DEFAULTED
          ? "`" + defaultOf(key) + "`; " + key.note()
          : key.note();
    }
    return key.presence() == Key.Presence.DEFAULTED ? "`" + defaultOf(key) + "`" : "";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;");
  }

  private static String below(String pattern, String name) {
    return pattern.isEmpty() ? name : pattern + "." + name;
  }
}

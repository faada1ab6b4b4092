package io.lockgate.config.hocon;

import io.lockgate.config.model.Origin;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where something was written by its path, such as {@code hosts."www.example.com".routes[2]}.
 * Walks the tree that is there anyway, since a table of all paths would be the larger part of a
 * large configuration. Immutable.
 */
final class WrittenPlaces {
  private final Block root;
  private final Map<String, Origin> others;
  private final Map<String, String> hostNames;

  /**
   * @param others what is known under a path that is not its own
   * @param hostNames the key of hosts that are known under another spelling of their name
   */
  WrittenPlaces(Block root, Map<String, Origin> others, Map<String, String> hostNames) {
    this.root = root;
    this.others = others;
    this.hostNames = hostNames;
  }

  Optional<Origin> find(String path) {
    return below(root, path)
        .filter(Node::written)
        .map(Node::origin)
        .or(() -> Optional.ofNullable(others.get(path)));
  }

  private Optional<Node> below(Node node, String rest) {
    if (rest.isEmpty()) {
      return Optional.of(node);
    }
    if (rest.charAt(0) == '[') {
      int end = rest.indexOf(']');
      return item(node, rest.substring(1, end)).flatMap(n -> below(n, rest.substring(end + 1)));
    }
    String segments = rest.charAt(0) == '.' ? rest.substring(1) : rest;
    int end = segments.startsWith("\"") ? endOfQuoted(segments) : endOfBare(segments);
    String segment =
        segments.startsWith("\"") ? unquoted(segments, end) : segments.substring(0, end);
    return child(node, segment).flatMap(n -> below(n, segments.substring(end)));
  }

  private Optional<Node> child(Node node, String name) {
    if (node instanceof Block block) {
      return block.written(name);
    }
    if (node instanceof Node.Blocks blocks) {
      Block found = blocks.byName().get(name);
      return Optional.ofNullable(
          found == null && blocks.place().path().equals("hosts")
              ? blocks.byName().get(hostNames.getOrDefault(name, name))
              : found);
    }
    if (node instanceof Node.Fields fields) {
      return fields.leaves().stream()
          .filter(field -> field.name().equals(name))
          .<Node>map(Node.NamedLeaf::leaf)
          .findFirst();
    }
    return Optional.empty();
  }

  private static Optional<Node> item(Node node, String index) {
    int at = Integer.parseInt(index);
    return node instanceof Node.Items items && at < items.nodes().size()
        ? Optional.of(items.nodes().get(at))
        : Optional.empty();
  }

  private static int endOfBare(String segments) {
    int end = 0;
    while (end < segments.length() && segments.charAt(end) != '.' && segments.charAt(end) != '[') {
      end++;
    }
    return end;
  }

  private static int endOfQuoted(String segments) {
    int end = 1;
    while (segments.charAt(end) != '"') {
      end += segments.charAt(end) == '\\' ? 2 : 1;
    }
    return end + 1;
  }

  private static String unquoted(String segments, int end) {
    return segments.substring(1, end - 1).replace("\\\"", "\"").replace("\\\\", "\\");
  }
}

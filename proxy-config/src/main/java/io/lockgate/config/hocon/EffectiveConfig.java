package io.lockgate.config.hocon;

import io.lockgate.config.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every key with the value that counts, defaults included: what {@code lockgate config} prints.
 * Immutable; the rows are made when asked for. Never gives out the value of a secret.
 */
public final class EffectiveConfig {
  private static final String REDACTED = "<redacted>";

  private final Block root;
  private final Map<String, String> derived;

  private EffectiveConfig(Block root, Map<String, String> derived) {
    this.root = root;
    this.derived = derived;
  }

  static EffectiveConfig of(Block root, Map<String, String> derived) {
    return new EffectiveConfig(root, derived);
  }

  /**
   * A key and its value.
   *
   * @param path below {@code lockgate}, such as {@code upstreams.app.connect-timeout}
   * @param value as it could be written in a file; {@code <redacted>} for a secret that is set
   * @param origin where it was written, or {@link Origin#BUILT_IN}
   */
  public record Row(String path, String value, Origin origin, boolean secret) {}

  /** In the order of the documents; within named blocks in the order of the names. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    addBlock(rows, root);
    return List.copyOf(rows);
  }

  /**
   * One line a key, ending with a newline.
   *
   * @param origins whether each line ends with a comment that says where the value comes from
   */
  public String render(boolean origins) {
    StringBuilder out = new StringBuilder();
    for (Row row : rows()) {
      out.append("lockgate.").append(row.path()).append(" = ").append(row.value());
      if (origins) {
        out.append("  # ").append(row.origin());
      }
      out.append('\n');
    }
    return out.toString();
  }

  private void addBlock(List<Row> rows, Block block) {
    for (Key key : block.section().keys()) {
      Node node = block.node(key.name());
      if (block.has(key.name()) || key.presence() == Key.Presence.DEFAULTED || key.secret()) {
        add(rows, node, key);
      } else if (derived.containsKey(node.place().path())) {
        add(rows, node, key);
      }
    }
  }

  private void add(List<Row> rows, Node node, Key key) {
    String path = node.place().path();
    if (node instanceof Node.Leaf leaf) {
      rows.add(new Row(path, valueOf(leaf, key), leaf.origin(), key.secret()));
    } else if (node instanceof Block block) {
      addBlock(rows, block);
    } else if (node instanceof Node.Items items) {
      addItems(rows, items, key);
    } else if (node instanceof Node.Blocks blocks) {
      blocks.byName().values().forEach(block -> addBlock(rows, block));
    } else if (node instanceof Node.Fields fields) {
      fields.leaves().forEach(field -> add(rows, field.leaf(), key));
    } else {
      throw new AssertionError(node);
    }
  }

  private String valueOf(Node.Leaf leaf, Key key) {
    String counts = derived.get(leaf.place().path());
    if (counts != null) {
      return counts;
    }
    if (leaf.value().isEmpty()) {
      return "null";
    }
    return key.secret() ? REDACTED : Quoted.asWritten(leaf.text());
  }

  private void addItems(List<Row> rows, Node.Items items, Key key) {
    String counts = derived.get(items.place().path());
    if (counts != null) {
      rows.add(new Row(items.place().path(), counts, items.origin(), key.secret()));
      return;
    }
    if (items.nodes().stream().allMatch(Node.Leaf.class::isInstance)) {
      List<String> texts =
          items.nodes().stream().map(node -> valueOf((Node.Leaf) node, key)).toList();
      String list = "[" + String.join(", ", texts) + "]";
      rows.add(new Row(items.place().path(), list, items.origin(), key.secret()));
      return;
    }
    items.nodes().forEach(node -> add(rows, node, key));
  }
}

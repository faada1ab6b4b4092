package io.lockgate.config.hocon;

import io.lockgate.config.model.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A section as an operator filled it in, with defaults for what was left out. Where what was
 * written had to be refused, the accessors answer as if it had been left out: the problem has been
 * reported, and the rest shall be checked all the same.
 */
final class Block implements Node {
  private final Section section;
  private final Place place;
  private final Origin origin;
  private final boolean written;
  private final Map<String, Node> nodes;
  private final Set<String> refused;

  /**
   * @param nodes what was written and can be used
   * @param refused keys under which nothing usable stands; that has been reported
   */
  Block(
      Section section,
      Place place,
      Origin origin,
      boolean written,
      Map<String, Node> nodes,
      Set<String> refused) {
    this.section = section;
    this.place = place;
    this.origin = origin;
    this.written = written;
    this.nodes = nodes;
    this.refused = refused;
  }

  Section section() {
    return section;
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public Origin origin() {
    return origin;
  }

  @Override
  public boolean written() {
    return written;
  }

  /** Whether the operator wrote this key, rightly or wrongly. */
  boolean has(String key) {
    return hasUsable(key) || refused.contains(key);
  }

  /** Whether the operator wrote this key, and a value of the right shape under it. */
  boolean hasUsable(String key) {
    section.key(key);
    return nodes.containsKey(key);
  }

  /** What was written under the key, or what stands in for it. */
  Node node(String key) {
    Node node = nodes.get(key);
    return node == null ? section.key(key).standIn(place) : node;
  }

  /** What was written under the key and can be used. */
  Optional<Node> written(String key) {
    return Optional.ofNullable(nodes.get(key));
  }

  private Node lookUp(String key) {
    Node node = nodes.get(key);
    return node == null ? section.standIn(key) : node;
  }

  /** Where the key was written, or where the block begins that it is missing from. */
  Origin originOf(String key) {
    Node node = nodes.get(key);
    return node == null ? origin : node.origin();
  }

  String pathOf(String key) {
    return place.key(key).path();
  }

  boolean on(String key) {
    return value(key, Boolean.class);
  }

  int integer(String key) {
    return value(key, Integer.class);
  }

  long size(String key) {
    return value(key, Long.class);
  }

  double percent(String key) {
    return value(key, Double.class);
  }

  Duration duration(String key) {
    return value(key, Duration.class);
  }

  String text(String key) {
    return value(key, String.class);
  }

  private <T> T value(String key, Class<T> type) {
    return maybe(key, type)
        .or(() -> valueOf(section.standIn(key), type))
        .orElseThrow(() -> new AssertionError("a key without default: " + pathOf(key)));
  }

  /** The value; empty where the key is left out and has no default, or is wrong. */
  <T> Optional<T> maybe(String key, Class<T> type) {
    return valueOf(lookUp(key), type);
  }

  private static <T> Optional<T> valueOf(Node node, Class<T> type) {
    return node instanceof Leaf leaf ? leaf.value().map(type::cast) : Optional.empty();
  }

  Optional<String> maybeText(String key) {
    return maybe(key, String.class);
  }

  /** A path, resolved against the folder of the file that names it. */
  Optional<Path> maybeFile(String key, Reading reading) {
    return maybe(key, Path.class).map(path -> reading.resolve(path, originOf(key)));
  }

  Path file(String key, Reading reading) {
    return reading.resolve(value(key, Path.class), originOf(key));
  }

  /** Single values of a list. */
  List<Leaf> leaves(String key) {
    List<Node> items = items(key);
    // Most lists of a large configuration are left out.
    return items.isEmpty()
        ? List.of()
        : items.stream().filter(Leaf.class::isInstance).map(Leaf.class::cast).toList();
  }

  /** Values of a list, without those refused. */
  <T> List<T> list(String key, Class<T> type) {
    List<Leaf> leaves = leaves(key);
    return leaves.isEmpty()
        ? List.of()
        : leaves.stream().flatMap(leaf -> leaf.value().stream()).map(type::cast).toList();
  }

  List<Node> items(String key) {
    return lookUp(key) instanceof Items items ? items.nodes() : List.of();
  }

  Map<String, Block> blocks(String key) {
    return lookUp(key) instanceof Blocks blocks ? blocks.byName() : Map.of();
  }

  List<NamedLeaf> fields(String key) {
    return lookUp(key) instanceof Fields fields ? fields.leaves() : List.of();
  }

  /** A section that is always there. */
  Block block(String key) {
    return node(key) instanceof Block block ? block : (Block) section.key(key).standIn(place);
  }

  /** A section that means something by being there. */
  Optional<Block> maybeBlock(String key) {
    return nodes.get(key) instanceof Block block ? Optional.of(block) : Optional.empty();
  }
}

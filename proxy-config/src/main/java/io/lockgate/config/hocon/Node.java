package io.lockgate.config.hocon;

import io.lockgate.config.model.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value that has been read by its shape: still the operator's text, but known to be in form. */
sealed interface Node permits Node.Leaf, Node.Items, Node.Blocks, Node.Fields, Block {
  Place place();

  Origin origin();

  /** Whether the operator wrote it, rightly or wrongly; false for defaults. */
  boolean written();

  /**
   * A single value.
   *
   * @param value of the Java type that its {@link ValueType} gives; empty where the key is left out
   *     without having a default, and where what was written had to be refused
   * @param text as written
   */
  record Leaf(Place place, Origin origin, boolean written, Optional<Object> value, String text)
      implements Node {}

  /** Values in the order of the file; those refused are missing. */
  record Items(Place place, Origin origin, boolean written, List<Node> nodes) implements Node {}

  /** Blocks under names of the operator's choice, in the order of the names. */
  record Blocks(Place place, Origin origin, boolean written, Map<String, Block> byName)
      implements Node {}

  /**
   * Header fields, in the order of their names; a name with several values stands several times.
   */
  record Fields(Place place, Origin origin, boolean written, List<NamedLeaf> leaves)
      implements Node {}

  /** A value under a name of the operator's choice. */
  record NamedLeaf(String name, Leaf leaf) {}
}

package io.lockgate.config.hocon;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.lockgate.config.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What may stand under a key. Each shape reads its own kind of value and tells the walk what is
 * wrong with it; what values mean together is no business of shapes.
 */
sealed interface Shape
    permits Shape.Scalar,
        Shape.ListOf,
        Shape.OneOrMore,
        Shape.Named,
        Shape.FieldMap,
        Shape.TextOr,
        Section {

  /** Reads a value that is not null and has been resolved; empty if nothing usable stands there. */
  Optional<Node> read(SchemaWalk walk, ConfigValue value, Place place);

  /** What stands in for a value that is not there. */
  Node standIn(Place place, List<String> fallback);

  /** As documents call it. */
  String label();

  /** A single value. */
  record Scalar(ValueType type) implements Shape {
    @Override
    public Optional<Node> read(SchemaWalk walk, ConfigValue value, Place place) {
      Origin origin = walk.originOf(value);
      if (value.valueType() == ConfigValueType.OBJECT
          || value.valueType() == ConfigValueType.LIST) {
        walk.wrongType(place, origin, type.label(), value);
        return Optional.empty();
      }
      String text = SchemaWalk.textOf(value);
      Parsed parsed = type.parse(text);
      if (parsed instanceof Parsed.Bad bad) {
        walk.refuse(place, origin, bad);
        return Optional.of(new Node.Leaf(place, origin, true, Optional.empty(), text));
      }
      Object good = ((Parsed.Good) parsed).value();
      return Optional.of(new Node.Leaf(place, origin, true, Optional.of(good), text));
    }

    @Override
    public Node standIn(Place place, List<String> fallback) {
      if (fallback.isEmpty()) {
        return new Node.Leaf(place, Origin.BUILT_IN, false, Optional.empty(), "null");
      }
      String text = fallback.get(0);
      if (!(type.parse(text) instanceof Parsed.Good good)) {
        throw new AssertionError("bad default of " + place.pattern() + ": " + text);
      }
      return new Node.Leaf(place, Origin.BUILT_IN, false, Optional.of(good.value()), text);
    }

    @Override
    public String label() {
      return type.label();
    }
  }

  /** A list of values of one shape. */
  record ListOf(Shape element) implements Shape {
    @Override
    public Optional<Node> read(SchemaWalk walk, ConfigValue value, Place place) {
      Origin origin = walk.originOf(value);
      List<Node> nodes = new ArrayList<>();
      if (!(value instanceof ConfigList list)) {
        walk.wrongType(place, origin, label(), value);
        return Optional.empty();
      }
      for (int i = 0; i < list.size(); i++) {
        walk.value(element, list.get(i), place.item(i)).ifPresent(nodes::add);
      }
      return Optional.of(new Node.Items(place, origin, true, List.copyOf(nodes)));
    }

    @Override
    public Node standIn(Place place, List<String> fallback) {
      List<Node> nodes = new ArrayList<>();
      for (String text : fallback) {
        nodes.add(element.standIn(place.item(nodes.size()), List.of(text)));
      }
      return new Node.Items(place, Origin.BUILT_IN, false, List.copyOf(nodes));
    }

    @Override
    public String label() {
      return "list of " + element.label();
    }
  }

  /** A list of single values; the brackets may be left out around one. */
  record OneOrMore(Scalar element) implements Shape {
    @Override
    public Optional<Node> read(SchemaWalk walk, ConfigValue value, Place place) {
      if (value instanceof ConfigList || value.valueType() == ConfigValueType.OBJECT) {
        return new ListOf(element).read(walk, value, place);
      }
      return element
          .read(walk, value, place)
          .map(one -> new Node.Items(place, one.origin(), true, List.of(one)));
    }

    @Override
    public Node standIn(Place place, List<String> fallback) {
      return new ListOf(element).standIn(place, fallback);
    }

    @Override
    public String label() {
      return element.label() + " or list of " + element.label();
    }
  }

  /**
   * Blocks under names of the operator's choice.
   *
   * @param noun what a block is called in messages
   * @param name what a name must look like
   */
  record Named(String noun, ValueType name, boolean quoted, Section section) implements Shape {
    @Override
    public Optional<Node> read(SchemaWalk walk, ConfigValue value, Place place) {
      Origin origin = walk.originOf(value);
      Map<String, Block> blocks = new TreeMap<>();
      if (!(value instanceof ConfigObject object)) {
        walk.wrongType(place, origin, label(), value);
        return Optional.empty();
      }
      SchemaWalk.each(
          object,
          (key, block) -> {
            Place named = place.named(key, quoted);
            walk.checkNamed(this, key, named, block);
            walk.value(section, block, named).ifPresent(node -> blocks.put(key, (Block) node));
          });
      return Optional.of(new Node.Blocks(place, origin, true, blocks));
    }

    @Override
    public Node standIn(Place place, List<String> fallback) {
      return new Node.Blocks(place, Origin.BUILT_IN, false, Map.of());
    }

    @Override
    public String label() {
      return "blocks, one per " + noun;
    }
  }

  /**
   * Values under names of a kind, such as header fields; there may be several under a name.
   *
   * @param name what a name must look like
   */
  record FieldMap(ValueType name, Scalar value, String label) implements Shape {
    /** Header fields; a list of texts stands for a field with several lines. */
    static final FieldMap HEADER_FIELDS =
        new FieldMap(
            NetworkTypes.FIELD_NAME,
            new Scalar(NetworkTypes.FIELD_TEMPLATE),
            "field values by field name");

    @Override
    public Optional<Node> read(SchemaWalk walk, ConfigValue written, Place place) {
      Origin origin = walk.originOf(written);
      List<Node.NamedLeaf> leaves = new ArrayList<>();
      if (!(written instanceof ConfigObject object)) {
        walk.wrongType(place, origin, label, written);
        return Optional.empty();
      }
      new TreeSet<>(object.keySet())
          .forEach(key -> readField(walk, key, object.get(key), place, leaves));
      return Optional.of(new Node.Fields(place, origin, true, List.copyOf(leaves)));
    }

    private void readField(
        SchemaWalk walk, String key, ConfigValue text, Place place, List<Node.NamedLeaf> leaves) {
      Place field = place.named(key, false);
      if (name.parse(key) instanceof Parsed.Bad bad) {
        walk.refuse(field, walk.originOf(text), bad);
      }
      if (text instanceof ConfigList list) {
        for (int i = 0; i < list.size(); i++) {
          walk.value(value, list.get(i), field.item(i))
              .ifPresent(leaf -> leaves.add(new Node.NamedLeaf(key, (Node.Leaf) leaf)));
        }
      } else {
        walk.value(value, text, field)
            .ifPresent(leaf -> leaves.add(new Node.NamedLeaf(key, (Node.Leaf) leaf)));
      }
    }

    @Override
    public Node standIn(Place place, List<String> fallback) {
      return new Node.Fields(place, Origin.BUILT_IN, false, List.of());
    }
  }

  /** A single value in the simple case, a section where there is more to say. */
  record TextOr(Scalar text, Section section) implements Shape {
    @Override
    public Optional<Node> read(SchemaWalk walk, ConfigValue value, Place place) {
      return value.valueType() == ConfigValueType.OBJECT
          ? section.read(walk, value, place)
          : text.read(walk, value, place);
    }

    @Override
    public Node standIn(Place place, List<String> fallback) {
      return text.standIn(place, fallback);
    }

    @Override
    public String label() {
      return text.label() + " or a block";
    }
  }
}

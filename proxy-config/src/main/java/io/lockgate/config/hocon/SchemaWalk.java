package io.lockgate.config.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.lockgate.config.model.Origin;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Takes a tree of HOCON values through the tree of shapes and reports everything that is not in
 * form. Remembers where each value was written.
 */
final class SchemaWalk {
  private final Reading reading;

  SchemaWalk(Reading reading) {
    this.reading = reading;
  }

  /** What {@link ConfigObject#forEach} does, without the deep hashes of its entries. */
  static void each(ConfigObject object, BiConsumer<String, ConfigValue> visitor) {
    object.keySet().forEach(key -> visitor.accept(key, object.get(key)));
  }

  /** Reads one value; empty if nothing usable stands there, which has then been reported. */
  Optional<Node> value(Shape shape, ConfigValue value, Place place) {
    if (!isResolved(value)) {
      reading.error(
          "unknown-substitution",
          place.path(),
          originOf(value),
          place.path() + ": refers to something that is set nowhere: " + reference(value),
          "write ${?NAME} where an environment variable or a key may be missing");
      return Optional.empty();
    }
    if (isNull(value)) {
      reading.error(
          "null-value",
          place.path(),
          originOf(value),
          place.path() + ": null is not a value here",
          "leave the key out to have its default");
      return Optional.empty();
    }
    Optional<Node> node = shape.read(this, value, place);
    node.ifPresent(read -> Refusals.check(read, reading));
    return node;
  }

  private static boolean isResolved(ConfigValue value) {
    try {
      // The library has no question for this; it throws when anything is asked of such a value.
      return !(value.valueType() == ConfigValueType.OBJECT && ((ConfigObject) value).size() < 0);
    } catch (ConfigException.NotResolved e) {
      return false;
    }
  }

  /** What the library prints of an unresolved value holds the reference as it was written. */
  private static String reference(ConfigValue value) {
    String text = value.toString();
    int from = text.indexOf("${");
    int to = text.indexOf('}', Math.max(from, 0));
    if (from < 0 || to < 0) {
      return "a substitution";
    }
    // In an included file the library puts the place of the include in front of the name.
    return text.substring(from, to + 1).replaceFirst("\\{lockgate\\.([^.]+)}$", "{$1}");
  }

  boolean isNull(ConfigValue value) {
    return isResolved(value) && value.valueType() == ConfigValueType.NULL;
  }

  /** The text of a single value; numbers as they were written. */
  static String textOf(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING
        ? (String) value.unwrapped()
        : value.atKey("value").getString("value");
  }

  void refuse(Place place, Origin origin, Parsed.Bad bad) {
    reading.error(
        bad.code(), place.path(), origin, place.path() + ": " + bad.complaint(), bad.hint());
  }

  void wrongType(Place place, Origin origin, String expected, ConfigValue found) {
    String what =
        switch (found.valueType()) {
          case OBJECT -> "a block { }";
          case LIST -> "a list [ ]";
          default -> Quoted.inMessage(textOf(found));
        };
    reading.error(
        "wrong-type",
        place.path(),
        origin,
        place.path() + ": " + what + " stands where something else belongs",
        "expected: " + expected);
  }

  void missingKey(Place place, Origin origin, String name) {
    reading.error(
        "missing-key",
        place.key(name).path(),
        origin,
        place.path() + ": the key \"" + name + "\" is missing",
        "it has no default");
  }

  void unknownKey(String name, ConfigValue value, Place place, Set<String> known) {
    String where = place.path().isEmpty() ? "lockgate" : place.path();
    Optional<String> meant = Spelling.nearest(name, known);
    boolean splitName = place.pattern().equals("hosts.*") && meant.isEmpty() && isBlock(value);
    reading.error(
        "unknown-key",
        place.named(name, false).path(),
        originOf(value),
        where + ": there is no key " + Quoted.inMessage(name),
        splitName
            ? "quote a host's name, since dots separate keys: \"www.example.com\" { ... }"
            : meant
                .map(word -> "did you mean \"" + word + "\"?")
                .orElse("keys here: " + String.join(", ", known)));
  }

  private static boolean isBlock(ConfigValue value) {
    return isResolved(value) && value.valueType() == ConfigValueType.OBJECT;
  }

  void checkNamed(Shape.Named shape, String name, Place place, ConfigValue block) {
    // The library merges blocks of one name in silence and tells it in the description alone.
    // Hosts have a check of their own.
    if (!shape.quoted() && block.origin().description().matches("merge of .*|.*: \\d+-\\d+")) {
      reading.warning(
          "merged-block",
          place.path(),
          originOf(block),
          shape.noun() + " " + Quoted.inMessage(name) + " is written in several places",
          "their keys are merged, and the later value counts: " + places(block));
    }
    if (shape.name().parse(name) instanceof Parsed.Bad bad) {
      reading.error(
          bad.code(),
          place.path(),
          originOf(block),
          shape.noun() + " " + bad.complaint(),
          bad.hint());
    }
  }

  private static String places(ConfigValue block) {
    return Quoted.shown(block.origin().description().replaceFirst("^merge of ", ""));
  }

  /** The file and line; for a block put together from several places, where it first appears. */
  Origin originOf(ConfigValue value) {
    ConfigOrigin origin = value.origin();
    if (origin.lineNumber() > 0 && origin.filename() != null) {
      return new Origin(origin.filename(), origin.lineNumber());
    }
    if (value instanceof ConfigObject object && isResolved(value)) {
      Optional<Origin> first =
          object.keySet().stream()
              .map(key -> originOf(object.get(key)))
              .filter(o -> o.line() > 0)
              .min(Comparator.comparing(Origin::file).thenComparingInt(Origin::line));
      if (first.isPresent()) {
        return first.get();
      }
    }
    return new Origin(origin.description(), 0);
  }
}

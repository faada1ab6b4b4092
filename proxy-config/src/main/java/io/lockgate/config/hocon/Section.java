package io.lockgate.config.hocon;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.lockgate.config.model.Origin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A block of known keys. Immutable; the order of keys is the order of documents. */
final class Section implements Shape {
  private final Map<String, Key> keys;
  private final Map<String, Node> standIns = new HashMap<>();

  private Section(Map<String, Key> keys) {
    this.keys = keys;
    // Once and for all: a large configuration leaves most keys out, in every one of its routes.
    keys.forEach((name, key) -> standIns.put(name, key.standIn(Place.ROOT)));
  }

  static Section of(Key... keys) {
    Map<String, Key> byName = new LinkedHashMap<>();
    for (Key key : keys) {
      byName.put(key.name(), key);
    }
    return new Section(byName);
  }

  List<Key> keys() {
    return List.copyOf(keys.values());
  }

  Key key(String name) {
    return known(name, keys.get(name));
  }

  /** What counts where the key is left out; at no place in particular. */
  Node standIn(String name) {
    return known(name, standIns.get(name));
  }

  private static <T> T known(String name, T found) {
    if (found == null) {
      throw new AssertionError("not a key of this section: " + name);
    }
    return found;
  }

  @Override
  public Optional<Node> read(SchemaWalk walk, ConfigValue value, Place place) {
    Origin origin = walk.originOf(value);
    if (!(value instanceof ConfigObject object)) {
      walk.wrongType(place, origin, label(), value);
      return Optional.empty();
    }
    Map<String, Node> written = new HashMap<>();
    Set<String> refused = new HashSet<>();
    SchemaWalk.each(
        object,
        (name, child) -> {
          Key key = keys.get(name);
          if (key == null) {
            walk.unknownKey(name, child, place, keys.keySet());
          } else if (!(walk.isNull(child) && key.presence() == Key.Presence.OPTIONAL)) {
            walk.value(key.shape(), child, place.key(name))
                .ifPresentOrElse(node -> written.put(name, node), () -> refused.add(name));
          }
        });
    keys.forEach(
        (name, key) -> {
          if (key.presence() == Key.Presence.REQUIRED && !object.containsKey(name)) {
            walk.missingKey(place, origin, name);
          }
        });
    return Optional.of(new Block(this, place, origin, true, written, refused));
  }

  @Override
  public Node standIn(Place place, List<String> fallback) {
    return new Block(this, place, Origin.BUILT_IN, false, Map.of(), Set.of());
  }

  @Override
  public String label() {
    return "block";
  }
}

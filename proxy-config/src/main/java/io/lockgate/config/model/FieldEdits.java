package io.lockgate.config.model;

import java.util.List;

/**
 * Changes to field lines: remove, then set (replace), then add.
 *
 * @param remove names, lower case
 */
public record FieldEdits(List<Field> set, List<Field> add, List<String> remove) {
  public static final FieldEdits NONE = new FieldEdits(List.of(), List.of(), List.of());

  public FieldEdits {
    set = List.copyOf(set);
    add = List.copyOf(add);
    remove = List.copyOf(remove);
  }

  public boolean isEmpty() {
    return set.isEmpty() && add.isEmpty() && remove.isEmpty();
  }

  /** A field line. */
  public record Field(String name, String value) {}
}

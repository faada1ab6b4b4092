package io.lockgate.http;

import io.lockgate.config.model.FieldEdits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A route's changes to fields, made ready once per configuration. Immutable. */
public final class CompiledEdits {
  public static final CompiledEdits NONE = new CompiledEdits(List.of(), List.of(), List.of());

  private final List<String> removed;
  private final List<Line> set;
  private final List<Line> added;

  private CompiledEdits(List<String> removed, List<Line> set, List<Line> added) {
    this.removed = List.copyOf(removed);
    this.set = List.copyOf(set);
    this.added = List.copyOf(added);
  }

  /**
   * Makes changes ready. {@code Host} can be set, not added or removed.
   *
   * @throws IllegalArgumentException with a sentence for the operator, if a name or value is not
   *     valid or the field is one that the proxy alone may write
   */
  public static CompiledEdits of(FieldEdits edits) {
    List<String> removed = new ArrayList<>();
    for (String name : edits.remove()) {
      permit(name, false);
      removed.add(name.toLowerCase(Locale.ROOT));
    }
    List<Line> set = new ArrayList<>();
    for (FieldEdits.Field field : edits.set()) {
      permit(field.name(), true);
      removed.add(field.name().toLowerCase(Locale.ROOT));
      set.add(Line.of(field));
    }
    List<Line> added = new ArrayList<>();
    for (FieldEdits.Field field : edits.add()) {
      permit(field.name(), false);
      added.add(Line.of(field));
    }
    return removed.isEmpty() && added.isEmpty() ? NONE : new CompiledEdits(removed, set, added);
  }

  public boolean isEmpty() {
    return removed.isEmpty() && added.isEmpty();
  }

  /**
   * Removes, then sets, then adds.
   *
   * @param known asked only where a value has variables
   */
  public void apply(FieldSection fields, FieldVariables known) {
    for (int i = 0; i < removed.size(); i++) {
      fields.removeAll(removed.get(i));
    }
    append(set, fields, known);
    append(added, fields, known);
  }

  private static void append(List<Line> lines, FieldSection fields, FieldVariables known) {
    for (int i = 0; i < lines.size(); i++) {
      lines.get(i).value.append(lines.get(i).name, fields, known);
    }
  }

  private static void permit(String name, boolean hostToo) {
    byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    if (bytes.length == 0 || FieldRules.tokenEnd(bytes, 0, bytes.length) != bytes.length) {
      throw new IllegalArgumentException("not a field name: \"" + name + "\"");
    }
    FieldName id = FieldName.of(bytes, 0, bytes.length);
    boolean host = id == FieldName.HOST;
    if (host ? !hostToo : FieldSet.MADE_BY_WRITER.has(id) || id == FieldName.TRAILER) {
      throw new IllegalArgumentException(
          host
              ? "Host can be set, but neither added nor removed"
              : name + " belongs to the connection; the proxy alone writes it");
    }
  }

  private record Line(AsciiBytes name, CompiledValue value) {
    static Line of(FieldEdits.Field field) {
      return new Line(AsciiBytes.of(field.name()), CompiledValue.of(field.value()));
    }
  }
}

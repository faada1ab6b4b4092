package io.lockgate.http;

import io.lockgate.config.model.FieldEdits;

/** A route's changes to fields, made ready once per configuration. Immutable. */
public final class CompiledEdits {
  public static final CompiledEdits NONE = new CompiledEdits();

  private CompiledEdits() {}

  /**
   * @throws IllegalArgumentException with a sentence for the operator, if a name or value is not
   *     valid or the field is one that the proxy alone may write
   */
  public static CompiledEdits of(FieldEdits edits) {
    throw new UnsupportedOperationException();
  }

  public boolean isEmpty() {
    return true;
  }

  public void apply(FieldSection fields) {}
}

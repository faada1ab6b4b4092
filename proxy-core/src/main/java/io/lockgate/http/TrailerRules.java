package io.lockgate.http;

/** What may stand in a trailer section (RFC 9110 section 6.5.1). Pure. */
final class TrailerRules {
  private TrailerRules() {}

  /**
   * Removes the known fields, which all mean something only before the content, and those that
   * could be taken for them. Answers false if one would frame or route a message: that is no
   * mistake but an attempt.
   */
  static boolean keepHarmless(FieldSection trailers) {
    for (int i = 0; i < trailers.count(); i++) {
      FieldName id = trailers.id(i);
      if (FieldSet.FRAMING.has(id)) {
        return false;
      }
      if (!FieldSet.TRAILERS.has(id) || FieldRules.aliases(trailers, i)) {
        trailers.remove(i);
      }
    }
    return true;
  }
}

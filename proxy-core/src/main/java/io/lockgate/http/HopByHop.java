package io.lockgate.http;

/**
 * Removes what concerns one connection only (RFC 9110 section 7.6.1): what Connection names, unless
 * it is not its to remove, and what always ends here. {@code Trailer} stays, since trailers do;
 * whether the client takes trailers is kept in {@link RequestHead#acceptsTrailers()}. Makes no
 * objects. Pure.
 */
public final class HopByHop {
  private HopByHop() {}

  /** To be called after the check, which reads what is removed here. */
  public static void strip(RequestHead head) {
    strip(head.fields());
  }

  /** To be called after the check, which reads what is removed here. */
  public static void strip(ResponseHead head) {
    strip(head.fields());
  }

  private static void strip(FieldSection fields) {
    for (int i = fields.find(FieldName.CONNECTION);
        i >= 0;
        i = fields.findNext(FieldName.CONNECTION, i)) {
      removeListed(fields, fields.valueStart(i), fields.valueEnd(i));
    }
    fields.removeAll(FieldSet.HOP_BY_HOP);
  }

  private static void removeListed(FieldSection fields, int start, int end) {
    byte[] bytes = fields.bytes();
    int at = start;
    while (at < end) {
      int from = FieldRules.skipSpace(bytes, at, end);
      int to = FieldRules.tokenEnd(bytes, from, end);
      if (to > from && !isCommon(bytes, from, to)) {
        FieldName name = FieldName.of(bytes, from, to);
        if (name == FieldName.OTHER) {
          fields.removeAll(bytes, from, to);
        } else if (!FieldSet.END_TO_END.has(name)) {
          fields.removeAll(name);
        }
      }
      at = Math.max(to, at + 1);
    }
  }

  /** What nearly every Connection field says, and no field is called. */
  private static boolean isCommon(byte[] bytes, int from, int to) {
    return FieldRules.CLOSE.matchesIgnoringCase(bytes, from, to)
        || FieldRules.KEEP_ALIVE.matchesIgnoringCase(bytes, from, to);
  }
}

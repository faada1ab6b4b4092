package io.lockgate.http;

/** Rules about single fields that requests, responses and both protocols share. Pure. */
final class FieldRules {
  static final AsciiBytes CHUNKED = AsciiBytes.of("chunked");
  static final AsciiBytes CLOSE = AsciiBytes.of("close");
  static final AsciiBytes KEEP_ALIVE = AsciiBytes.of("keep-alive");
  static final AsciiBytes UPGRADE = AsciiBytes.of("upgrade");
  static final AsciiBytes TRAILERS = AsciiBytes.of("trailers");
  private static final AsciiBytes X_FORWARDED = AsciiBytes.of("x-forwarded-");

  /** What {@code Connection} fields say, as bits. */
  static final int SAYS_CLOSE = 1;

  static final int SAYS_KEEP_ALIVE = 2;
  static final int SAYS_UPGRADE = 4;
  static final int NAMES_END_TO_END = 8;
  static final int MALFORMED = 16;

  /** The longest known name that underscores can imitate is shorter. */
  private static final int MAX_ALIAS = 32;

  private FieldRules() {}

  /** The decimal number in the range, or -1 (RFC 9110 section 8.6). */
  static long contentLength(byte[] bytes, int start, int end) {
    long length = 0;
    for (int at = start; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9 || length > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      length = length * 10 + digit;
    }
    return start == end ? -1 : length;
  }

  /** Why these transfer codings are not simply "chunked"; null if they are. */
  static FramingRule codings(byte[] bytes, int start, int end) {
    if (CHUNKED.matchesIgnoringCase(bytes, start, end)) {
      return null;
    }
    boolean chunkedBefore = false;
    int at = start;
    while (true) {
      int from = skipSpace(bytes, at, end);
      int to = tokenEnd(bytes, from, end);
      at = skipSpace(bytes, to, end);
      boolean last = at == end;
      boolean chunked = CHUNKED.matchesIgnoringCase(bytes, from, to);
      if (from == to || chunkedBefore || (!last && bytes[at] != ',') || (last && !chunked)) {
        return FramingRule.BAD_CODING;
      }
      if (last) {
        return FramingRule.CODING_NOT_OFFERED;
      }
      chunkedBefore = chunked;
      at++;
    }
  }

  /** What one {@code Connection} field says (RFC 9110 section 7.6.1). Empty elements are legal. */
  static int connectionOptions(byte[] bytes, int start, int end) {
    int says = 0;
    int at = start;
    while (at < end) {
      int from = skipSpace(bytes, at, end);
      int to = tokenEnd(bytes, from, end);
      at = skipSpace(bytes, to, end);
      if (at < end && bytes[at++] != ',') {
        return MALFORMED;
      }
      if (from < to) {
        says |= connectionOption(bytes, from, to);
      }
    }
    return says;
  }

  private static int connectionOption(byte[] bytes, int from, int to) {
    if (KEEP_ALIVE.matchesIgnoringCase(bytes, from, to)) {
      return SAYS_KEEP_ALIVE;
    }
    if (CLOSE.matchesIgnoringCase(bytes, from, to)) {
      return SAYS_CLOSE;
    }
    if (UPGRADE.matchesIgnoringCase(bytes, from, to)) {
      return SAYS_UPGRADE;
    }
    return FieldSet.END_TO_END.hasNumber(FieldName.numberOf(bytes, from, to))
        ? NAMES_END_TO_END
        : 0;
  }

  /** Whether a comma-separated list has the element, in any case, without parameters. */
  static boolean lists(byte[] bytes, int start, int end, AsciiBytes element) {
    int at = start;
    while (at < end) {
      int from = skipSpace(bytes, at, end);
      int to = from;
      while (to < end && bytes[to] != ',') {
        to++;
      }
      at = to + 1;
      while (to > from && Octets.isSpace(bytes[to - 1])) {
        to--;
      }
      if (element.matchesIgnoringCase(bytes, from, to)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the name would be taken for a field that frames, routes or identifies by a server that
   * makes variables of names, as CGI does (RFC 3875 section 4.1.18).
   */
  static boolean aliases(FieldSection fields, int index) {
    byte[] bytes = fields.bytes();
    int start = fields.nameStart(index);
    int end = fields.nameEnd(index);
    if (end - start > MAX_ALIAS) {
      return false;
    }
    for (int at = start; at < end; at++) {
      if (bytes[at] == '_') {
        return aliasesWithHyphens(fields, start, end);
      }
    }
    return false;
  }

  private static boolean aliasesWithHyphens(FieldSection fields, int start, int end) {
    int room = fields.reserve(end - start);
    byte[] bytes = fields.bytes();
    for (int at = start; at < end; at++) {
      bytes[room + at - start] = bytes[at] == '_' ? (byte) '-' : bytes[at];
    }
    int number = FieldName.numberOf(bytes, room, room + end - start);
    return FieldSet.ALIASED.hasNumber(number) || isXForwarded(bytes, room, room + end - start);
  }

  /** Whether the name is of the X-Forwarded family, known or not. */
  static boolean isXForwarded(byte[] bytes, int start, int end) {
    int prefixEnd = start + X_FORWARDED.length();
    return end > prefixEnd && X_FORWARDED.matchesIgnoringCase(bytes, start, prefixEnd);
  }

  /** Checks name and value of a field that came over HTTP/2 (RFC 9113 section 8.2.1). */
  static FramingRule http2Field(FieldSection fields, int index) {
    byte[] bytes = fields.bytes();
    int nameStart = fields.nameStart(index);
    int nameEnd = fields.nameEnd(index);
    if (nameStart == nameEnd) {
      return FramingRule.BAD_FIELD_NAME;
    }
    for (int at = nameStart; at < nameEnd; at++) {
      if (!Octets.is(bytes[at], Octets.LOWER_TOKEN)) {
        boolean upper = Octets.is(bytes[at], Octets.TOKEN);
        return upper ? FramingRule.UPPER_CASE_NAME : FramingRule.BAD_FIELD_NAME;
      }
    }
    FieldName id = fields.id(index);
    if (FieldSet.CONNECTION_SPECIFIC.has(id)) {
      return FramingRule.CONNECTION_FIELD;
    }
    if (id == FieldName.TE && !fields.valueEqualsIgnoringCase(index, TRAILERS)) {
      return FramingRule.BAD_TE;
    }
    return http2Value(bytes, fields.valueStart(index), fields.valueEnd(index))
        ? null
        : FramingRule.BAD_FIELD_VALUE;
  }

  private static boolean http2Value(byte[] bytes, int start, int end) {
    if (start == end) {
      return true;
    }
    if (Octets.isSpace(bytes[start]) || Octets.isSpace(bytes[end - 1])) {
      return false;
    }
    for (int at = start; at < end; at++) {
      if (!Octets.is(bytes[at], Octets.VALUE)) {
        return false;
      }
    }
    return true;
  }

  static int skipSpace(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && Octets.isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  static int tokenEnd(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && Octets.is(bytes[at], Octets.TOKEN)) {
      at++;
    }
    return at;
  }
}

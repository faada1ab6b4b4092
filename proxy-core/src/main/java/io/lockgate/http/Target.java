package io.lockgate.http;

/** Reads the target of a request (RFC 9112 section 3.2) and leaves it in origin form. Pure. */
final class Target {
  private static final AsciiBytes HTTP = AsciiBytes.of("http");
  private static final AsciiBytes HTTPS = AsciiBytes.of("https");

  private Target() {}

  /** Sets target, path and, of an absolute form, authority; answers the rule it breaks, or null. */
  static FramingRule read(RequestHead head) {
    byte[] bytes = head.bytes();
    if (head.method == Method.CONNECT) {
      return FramingRule.METHOD_CONNECT;
    }
    if (head.method == Method.TRACE) {
      return FramingRule.METHOD_TRACE;
    }
    if (bytes[head.targetStart] == '/') {
      return path(head);
    }
    if (head.asterisk()) {
      head.pathEnd = head.targetEnd;
      return head.method == Method.OPTIONS ? null : FramingRule.BAD_TARGET;
    }
    return absolute(head);
  }

  /** Whether the range names a scheme that is served here. */
  static boolean isScheme(byte[] bytes, int start, int end) {
    return HTTPS.matchesIgnoringCase(bytes, start, end)
        || HTTP.matchesIgnoringCase(bytes, start, end);
  }

  static FramingRule path(RequestHead head) {
    byte[] bytes = head.bytes();
    int at = head.targetStart;
    while (at < head.targetEnd && bytes[at] != '?') {
      at++;
    }
    head.pathEnd = at;
    return head.path().view(bytes, head.targetStart, at);
  }

  private static FramingRule absolute(RequestHead head) {
    byte[] bytes = head.bytes();
    int start = head.targetStart;
    int end = head.targetEnd;
    int colon = start;
    while (colon < end && bytes[colon] != ':' && bytes[colon] != '/' && bytes[colon] != '?') {
      colon++;
    }
    if (colon + 2 >= end
        || bytes[colon] != ':'
        || bytes[colon + 1] != '/'
        || bytes[colon + 2] != '/') {
      return FramingRule.BAD_TARGET;
    }
    if (!isScheme(bytes, start, colon)) {
      return FramingRule.BAD_SCHEME;
    }
    int authority = colon + 3;
    int rest = authority;
    while (rest < end && bytes[rest] != '/' && bytes[rest] != '?') {
      rest++;
    }
    if (!Authority.read(head, authority, rest)) {
      return FramingRule.BAD_HOST;
    }
    return originForm(head, rest);
  }

  /** What is left of an absolute form (RFC 9112 section 3.2.1 and 3.2.4). */
  private static FramingRule originForm(RequestHead head, int rest) {
    if (rest < head.targetEnd && head.bytes()[rest] == '/') {
      head.targetStart = rest;
      return path(head);
    }
    boolean asterisk = rest == head.targetEnd && head.method == Method.OPTIONS;
    int length = head.targetEnd - rest;
    int at = head.fields().reserve(length + 1);
    byte[] bytes = head.bytes();
    bytes[at] = (byte) (asterisk ? '*' : '/');
    System.arraycopy(bytes, rest, bytes, at + 1, length);
    head.fields().used(at + length + 1);
    head.targetStart = at;
    head.targetEnd = at + length + 1;
    if (asterisk) {
      head.pathEnd = head.targetEnd;
      return null;
    }
    return path(head);
  }
}

package io.lockgate.http;

/**
 * The first line of a head, part by part (RFC 9112 sections 2.3, 3 and 4): one SP between the
 * parts, none elsewhere. Holds no octets, only places. Belongs to a {@link HeadScanner}.
 */
final class StartLine {
  private enum Awaited {
    FIRST,
    FIRST_LF,
    METHOD,
    TARGET,
    VERSION,
    STATUS,
    REASON,
    LF,
    NOTHING
  }

  static final int REFUSED = -1;

  private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};

  private Awaited awaited = Awaited.FIRST;
  private int start;
  private int filled;
  private int partStart;
  private int digits;
  private boolean minorOne;
  private FramingRule rule = FramingRule.NOT_HTTP;

  void beginRequest() {
    begin(Awaited.FIRST);
  }

  void beginStatus() {
    begin(Awaited.VERSION);
  }

  /** For what has no first line. */
  void skip() {
    begin(Awaited.NOTHING);
  }

  private void begin(Awaited first) {
    awaited = first;
    start = 0;
    partStart = 0;
    digits = 0;
  }

  boolean complete() {
    return awaited == Awaited.NOTHING;
  }

  /** Whether anything but an empty line has come. */
  boolean begun() {
    return awaited != Awaited.FIRST && awaited != Awaited.FIRST_LF;
  }

  /** Where the line begins, behind an empty line if there was one. */
  int start() {
    return start;
  }

  FramingRule rule() {
    return rule;
  }

  /** Reads up to {@code end}; answers how far it came, or {@link #REFUSED}. */
  int request(byte[] bytes, int from, int end, RequestHead head) {
    filled = end;
    return requestLine(bytes, from, head);
  }

  /** Reads up to {@code end}; answers how far it came, or {@link #REFUSED}. */
  int status(byte[] bytes, int from, int end, ResponseHead head) {
    filled = end;
    return statusLine(bytes, from, head);
  }

  private int requestLine(byte[] bytes, int from, RequestHead head) {
    int at = from;
    while (at >= 0 && at < filled) {
      switch (awaited) {
        case FIRST -> at = first(bytes, at);
        case FIRST_LF -> {
          if (bytes[at] != '\n') {
            return refuse(FramingRule.BAD_LINE_END);
          }
          start = partStart = ++at;
          awaited = Awaited.FIRST;
        }
        case METHOD -> at = method(bytes, at, head);
        case TARGET -> at = target(bytes, at, head);
        case VERSION -> {
          at = version(bytes, at);
          if (at >= 0 && at < filled) {
            if (bytes[at] != '\r') {
              return refuse(afterVersion(bytes[at]));
            }
            head.version = minorOne ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0;
            awaited = Awaited.LF;
            at++;
          }
        }
        case LF -> {
          return lineEnd(bytes, at);
        }
        default -> throw new AssertionError(awaited);
      }
    }
    return at;
  }

  private int first(byte[] bytes, int at) {
    if (Octets.is(bytes[at], Octets.TOKEN)) {
      start = partStart = at;
      awaited = Awaited.METHOD;
      return at;
    }
    if (bytes[at] == '\r' && at == 0) {
      awaited = Awaited.FIRST_LF;
      return 1;
    }
    boolean blank = bytes[at] == '\r' || bytes[at] == '\n' || bytes[at] == ' ';
    return refuse(blank ? FramingRule.BAD_REQUEST_LINE : FramingRule.NOT_HTTP);
  }

  private int method(byte[] bytes, int from, RequestHead head) {
    int at = from;
    while (at < filled && Octets.is(bytes[at], Octets.TOKEN)) {
      at++;
    }
    if (at == filled) {
      return at;
    }
    if (bytes[at] != ' ') {
      return refuse(FramingRule.BAD_REQUEST_LINE);
    }
    head.methodStart = partStart;
    head.methodEnd = at;
    head.method = Method.of(bytes, partStart, at);
    awaited = Awaited.TARGET;
    partStart = at + 1;
    return partStart;
  }

  private int target(byte[] bytes, int from, RequestHead head) {
    int at = from;
    while (at < filled && Octets.is(bytes[at], Octets.TARGET)) {
      at++;
    }
    if (at == filled) {
      return at;
    }
    if (bytes[at] != ' ') {
      boolean ended = bytes[at] == '\r' || bytes[at] == '\n';
      return refuse(ended ? FramingRule.BAD_REQUEST_LINE : FramingRule.BAD_TARGET);
    }
    if (at == partStart) {
      return refuse(FramingRule.BAD_REQUEST_LINE);
    }
    head.targetStart = partStart;
    head.targetEnd = at;
    awaited = Awaited.VERSION;
    partStart = at + 1;
    return partStart;
  }

  /** Stops behind the minor version's digit. */
  private int version(byte[] bytes, int from) {
    for (int at = from; at < filled; at++) {
      int index = at - partStart;
      if (index > VERSION.length) {
        return at;
      }
      byte octet = bytes[at];
      if (index < VERSION.length ? octet != VERSION[index] : octet != '0' && octet != '1') {
        boolean other = (index == 5 || index == 7) && Octets.is(octet, Octets.DIGIT);
        return refuse(other ? FramingRule.BAD_VERSION : FramingRule.BAD_REQUEST_LINE);
      }
      minorOne = octet == '1';
    }
    return filled;
  }

  private static FramingRule afterVersion(byte octet) {
    if (Octets.is(octet, Octets.DIGIT)) {
      return FramingRule.BAD_VERSION;
    }
    return octet == '\n' ? FramingRule.BAD_LINE_END : FramingRule.BAD_REQUEST_LINE;
  }

  private int statusLine(byte[] bytes, int from, ResponseHead head) {
    int at = from;
    while (at >= 0 && at < filled) {
      switch (awaited) {
        case VERSION -> {
          at = version(bytes, at);
          if (at < 0) {
            return refuse(FramingRule.BAD_STATUS_LINE);
          }
          if (at < filled) {
            if (bytes[at++] != ' ') {
              return refuse(FramingRule.BAD_STATUS_LINE);
            }
            head.version = minorOne ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0;
            awaited = Awaited.STATUS;
          }
        }
        case STATUS -> at = statusCode(bytes, at, head);
        case REASON -> {
          while (at < filled && Octets.is(bytes[at], Octets.VALUE)) {
            at++;
          }
          if (at < filled) {
            if (bytes[at] != '\r') {
              return refuse(FramingRule.BAD_STATUS_LINE);
            }
            head.reasonStart = partStart;
            head.reasonEnd = at++;
            awaited = Awaited.LF;
          }
        }
        case LF -> {
          return lineEnd(bytes, at);
        }
        default -> throw new AssertionError(awaited);
      }
    }
    return at;
  }

  /** The space behind the status may be missing where there is no reason: many servers do so. */
  private int statusCode(byte[] bytes, int from, ResponseHead head) {
    int at = from;
    while (at < filled && digits < 3) {
      if (!Octets.is(bytes[at], Octets.DIGIT)) {
        return refuse(FramingRule.BAD_STATUS_LINE);
      }
      head.status = head.status * 10 + bytes[at++] - '0';
      digits++;
    }
    if (at == filled) {
      return at;
    }
    if (bytes[at] != ' ' && bytes[at] != '\r') {
      return refuse(FramingRule.BAD_STATUS_LINE);
    }
    awaited = Awaited.REASON;
    partStart = bytes[at] == ' ' ? at + 1 : at;
    return partStart;
  }

  private int lineEnd(byte[] bytes, int at) {
    if (bytes[at] != '\n') {
      return refuse(FramingRule.BAD_LINE_END);
    }
    awaited = Awaited.NOTHING;
    return at + 1;
  }

  private int refuse(FramingRule broken) {
    rule = broken;
    return REFUSED;
  }
}

package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/**
 * Finds the heads of HTTP/1 messages in a stream of bytes and marks their parts, in one pass and
 * with one copy. It goes by the strict grammar of RFC 9112 (sections 2.2, 3, 4 and 5): CRLF only,
 * one SP between the parts of a start line, no folding, no space before a colon. One empty line
 * before a request is passed over.
 *
 * <p>It takes up where it left off, so a head that arrives octet by octet costs no more, and the
 * verdict does not depend on how the bytes were cut. Until a head is complete, each call must pass
 * the same head and a buffer whose reader index stands at the same octet of the stream. One per
 * direction of a connection, on its event loop.
 */
public final class HeadScanner {
  /** What a call found. */
  public enum Progress {
    /** The head has not ended; the buffer's reader index is where it was. */
    INCOMPLETE,
    /** The reader index stands behind the head. */
    COMPLETE,
    /** {@link #rule()} says why; so will every call until {@link #reset}. */
    REFUSED
  }

  /** What is awaited next, in the order of a head; those up to LINE_LF belong to start lines. */
  private enum Awaited {
    FIRST,
    FIRST_LF,
    METHOD,
    TARGET,
    VERSION,
    STATUS,
    REASON,
    LINE_LF,
    FIELD,
    NAME,
    SPACE,
    VALUE,
    VALUE_LF,
    END_LF,
    NOTHING
  }

  private static final int BLOCK = 1024;
  private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};
  private static final int REFUSED = -1;

  private final HeadLimits limits;
  private Awaited awaited = Awaited.FIRST;
  private boolean resumed;
  private int filled;
  private int position;
  private int lineStart;
  private int partStart;
  private int nameEnd;
  private int valueStart;
  private int digits;
  private boolean minorOne;
  private FramingRule rule = FramingRule.NOT_HTTP;

  public HeadScanner(HeadLimits limits) {
    this.limits = limits;
  }

  /** Looks for a request's head at the reader index. */
  public Progress scanRequest(ByteBuf in, RequestHead into) {
    if (!resumed) {
      into.clear();
      begin(Awaited.FIRST);
    }
    FieldSection fields = into.fields();
    while (fill(in, fields)) {
      int at = position;
      if (awaited.compareTo(Awaited.LINE_LF) <= 0) {
        at = requestLine(fields.bytes(), at, into);
      }
      if (at >= 0 && awaited.compareTo(Awaited.LINE_LF) > 0) {
        at = fieldLines(fields.bytes(), at, fields);
      }
      position = at;
    }
    return conclude(in, fields);
  }

  /** Looks for a response's head at the reader index. */
  public Progress scanResponse(ByteBuf in, ResponseHead into) {
    if (!resumed) {
      into.clear();
      begin(Awaited.VERSION);
    }
    FieldSection fields = into.fields();
    while (fill(in, fields)) {
      int at = position;
      if (awaited.compareTo(Awaited.LINE_LF) <= 0) {
        at = statusLine(fields.bytes(), at, into);
      }
      if (at >= 0 && awaited.compareTo(Awaited.LINE_LF) > 0) {
        at = fieldLines(fields.bytes(), at, fields);
      }
      position = at;
    }
    return conclude(in, fields);
  }

  /** Looks for a trailer section (RFC 9112 section 7.1.2), its empty line included. */
  Progress scanTrailers(ByteBuf in, FieldSection into) {
    if (!resumed) {
      into.clear();
      begin(Awaited.FIELD);
    }
    while (fill(in, into)) {
      position = fieldLines(into.bytes(), position, into);
    }
    return conclude(in, into);
  }

  /** Why the head was refused. */
  public FramingRule rule() {
    return rule;
  }

  /** Whether part of a head has arrived. */
  public boolean begun() {
    return resumed && awaited != Awaited.FIRST && awaited != Awaited.FIRST_LF && filled > 0;
  }

  /** Forgets what was scanned of an incomplete or refused head. */
  public void reset() {
    resumed = false;
    filled = 0;
  }

  private void begin(Awaited first) {
    resumed = true;
    awaited = first;
    filled = 0;
    position = 0;
    lineStart = 0;
    partStart = 0;
    digits = 0;
  }

  /**
   * Copies the next octets, never beyond a limit: so a limit holds for complete and incomplete
   * heads alike, whatever follows. Answers whether there is anything to scan.
   */
  private boolean fill(ByteBuf in, FieldSection fields) {
    if (position == REFUSED || awaited == Awaited.NOTHING) {
      return false;
    }
    boolean inLine = awaited.compareTo(Awaited.LINE_LF) <= 0;
    int limit = limits.maxHeadBytes();
    if (inLine) {
      limit = Math.min(limit, lineStart + limits.maxStartLine() + 2);
    }
    int room = limit - filled;
    if (room <= 0) {
      position = refuse(inLine ? FramingRule.START_LINE_TOO_LONG : FramingRule.HEAD_TOO_LARGE);
      return false;
    }
    int length = Math.min(Math.min(room, BLOCK), in.readableBytes() - filled);
    if (length <= 0) {
      return false;
    }
    in.getBytes(in.readerIndex() + filled, fields.room(filled, length), filled, length);
    filled += length;
    return true;
  }

  private Progress conclude(ByteBuf in, FieldSection fields) {
    if (position == REFUSED) {
      return Progress.REFUSED;
    }
    if (awaited != Awaited.NOTHING) {
      return Progress.INCOMPLETE;
    }
    in.skipBytes(position);
    fields.used(position);
    reset();
    return Progress.COMPLETE;
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
          lineStart = partStart = ++at;
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
            awaited = Awaited.LINE_LF;
            at++;
          }
        }
        case LINE_LF -> {
          return lineEnd(bytes, at);
        }
        default -> throw new AssertionError(awaited);
      }
    }
    return at;
  }

  private int first(byte[] bytes, int at) {
    if (Octets.is(bytes[at], Octets.TOKEN)) {
      lineStart = partStart = at;
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
        case STATUS -> at = status(bytes, at, head);
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
            awaited = Awaited.LINE_LF;
          }
        }
        case LINE_LF -> {
          return lineEnd(bytes, at);
        }
        default -> throw new AssertionError(awaited);
      }
    }
    return at;
  }

  /** The space behind the status may be missing where there is no reason: many servers do so. */
  private int status(byte[] bytes, int from, ResponseHead head) {
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
    awaited = Awaited.FIELD;
    return at + 1;
  }

  private int fieldLines(byte[] bytes, int from, FieldSection fields) {
    int at = from;
    int end = filled;
    while (at < end) {
      switch (awaited) {
        case FIELD -> {
          byte octet = bytes[at];
          if (octet == '\r') {
            at++;
            awaited = Awaited.END_LF;
          } else if (Octets.isSpace(octet)) {
            return refuse(FramingRule.FOLDED_FIELD);
          } else {
            partStart = at;
            awaited = Awaited.NAME;
          }
        }
        case NAME -> {
          while (at < end && Octets.is(bytes[at], Octets.TOKEN)) {
            at++;
          }
          if (at < end) {
            if (bytes[at] != ':' || at == partStart) {
              return refuse(FramingRule.BAD_FIELD_NAME);
            }
            nameEnd = at++;
            awaited = Awaited.SPACE;
          }
        }
        case SPACE -> {
          while (at < end && Octets.isSpace(bytes[at])) {
            at++;
          }
          if (at < end) {
            valueStart = at;
            awaited = Awaited.VALUE;
          }
        }
        case VALUE -> {
          while (at < end && Octets.is(bytes[at], Octets.VALUE)) {
            at++;
          }
          if (at < end) {
            if (bytes[at] != '\r') {
              return refuse(
                  bytes[at] == '\n' ? FramingRule.BAD_LINE_END : FramingRule.BAD_FIELD_VALUE);
            }
            if (!field(bytes, at, fields)) {
              return refuse(FramingRule.TOO_MANY_FIELDS);
            }
            at++;
            awaited = Awaited.VALUE_LF;
          }
        }
        case VALUE_LF, END_LF -> {
          if (bytes[at++] != '\n') {
            return refuse(FramingRule.BAD_LINE_END);
          }
          if (awaited == Awaited.END_LF) {
            awaited = Awaited.NOTHING;
            return at;
          }
          awaited = Awaited.FIELD;
        }
        default -> throw new AssertionError(awaited);
      }
    }
    return at;
  }

  private boolean field(byte[] bytes, int lineEnd, FieldSection fields) {
    if (fields.count() == limits.maxFieldCount()) {
      return false;
    }
    int valueEnd = lineEnd;
    while (valueEnd > valueStart && Octets.isSpace(bytes[valueEnd - 1])) {
      valueEnd--;
    }
    int id = FieldName.numberOf(bytes, partStart, nameEnd);
    fields.mark(partStart, nameEnd, valueStart, valueEnd, id);
    return true;
  }

  private int refuse(FramingRule broken) {
    rule = broken;
    return REFUSED;
  }
}

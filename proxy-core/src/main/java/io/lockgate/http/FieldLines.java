package io.lockgate.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Field lines up to the empty line that ends them (RFC 9112 section 5): of a head, or of a trailer
 * section. Marks each in the section as it ends. Belongs to a {@link HeadScanner}.
 */
final class FieldLines {
  private enum Awaited {
    FIELD,
    NAME,
    SPACE,
    VALUE,
    VALUE_LF,
    END_LF,
    NOTHING
  }

  static final int REFUSED = -1;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long SPACES = 0x2020202020202020L;
  private static final long DELETES = 0x7f7f7f7f7f7f7f7fL;

  private final int maxFieldCount;
  private Awaited awaited = Awaited.FIELD;
  private int partStart;
  private int nameEnd;
  private int valueStart;
  private FramingRule rule = FramingRule.BAD_FIELD_NAME;

  FieldLines(int maxFieldCount) {
    this.maxFieldCount = maxFieldCount;
  }

  void begin() {
    awaited = Awaited.FIELD;
  }

  boolean complete() {
    return awaited == Awaited.NOTHING;
  }

  FramingRule rule() {
    return rule;
  }

  /** Reads up to {@code end}; answers how far it came, or {@link #REFUSED}. */
  int scan(byte[] bytes, int from, int end, FieldSection fields) {
    int at = awaited == Awaited.FIELD ? wholeLines(bytes, from, end, fields) : from;
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
          at = valueEnd(bytes, at, end);
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

  /**
   * The quick way through lines that are all there and right; whatever else comes is left to the
   * slow way, which begins at the same line.
   */
  private int wholeLines(byte[] bytes, int from, int end, FieldSection fields) {
    int line = from;
    while (true) {
      int at = line;
      while (at < end && Octets.is(bytes[at], Octets.TOKEN)) {
        at++;
      }
      if (at == line || at == end || bytes[at] != ':') {
        return line;
      }
      partStart = line;
      nameEnd = at++;
      while (at < end && Octets.isSpace(bytes[at])) {
        at++;
      }
      valueStart = at;
      at = valueEnd(bytes, at, end);
      if (at + 1 >= end
          || bytes[at] != '\r'
          || bytes[at + 1] != '\n'
          || !field(bytes, at, fields)) {
        return line;
      }
      line = at + 2;
    }
  }

  private boolean field(byte[] bytes, int lineEnd, FieldSection fields) {
    if (fields.count() == maxFieldCount) {
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

  /** The first octet that no value may hold: eight at a time, then one by one. */
  private static int valueEnd(byte[] bytes, int from, int end) {
    int at = from;
    while (at + 8 <= end) {
      long octets = (long) EIGHT.get(bytes, at);
      long deletes = octets ^ DELETES;
      long found = ((octets - SPACES) & ~octets) | ((deletes - ONES) & ~deletes);
      if ((found & HIGH) != 0) {
        break;
      }
      at += 8;
    }
    while (at < end && Octets.is(bytes[at], Octets.VALUE)) {
      at++;
    }
    return at;
  }

  private int refuse(FramingRule broken) {
    rule = broken;
    return REFUSED;
  }
}

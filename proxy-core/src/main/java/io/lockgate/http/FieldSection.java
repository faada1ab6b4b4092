package io.lockgate.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The field lines of one message: one array of bytes and the offsets of names and values in it. A
 * removed field keeps its index. Reused for message after message; copies nothing to be read.
 *
 * <p>It checks no syntax: what is appended must have been checked, or must come from ourselves. It
 * belongs to one exchange and is used on its event loop only.
 */
public final class FieldSection {
  private static final int INITIAL_BYTES = 1024;
  private static final int INITIAL_FIELDS = 32;
  private static final int KEPT_BYTES = 8 * 1024;
  private static final int KEPT_FIELDS = 256;
  private static final int REMOVED = 0x80;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int used;
  private int[] marks = new int[INITIAL_FIELDS * 4];
  private byte[] ids = new byte[INITIAL_FIELDS];
  private int count;

  /** Which known fields were ever put in since {@link #clear}; a bit per name. */
  private long seen;

  /** Empties the section and gives back the memory that an unusually large head took. */
  public void clear() {
    used = 0;
    count = 0;
    seen = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
    if (ids.length > KEPT_FIELDS) {
      ids = new byte[INITIAL_FIELDS];
      marks = new int[INITIAL_FIELDS * 4];
    }
  }

  /** Number of indexes, removed fields included. */
  public int count() {
    return count;
  }

  /** Number of fields that are not removed. */
  public int liveCount() {
    int live = 0;
    for (int i = 0; i < count; i++) {
      if (!isRemoved(i)) {
        live++;
      }
    }
    return live;
  }

  public boolean isRemoved(int index) {
    return ids[index] < 0;
  }

  public FieldName id(int index) {
    return FieldName.at(ids[index] & ~REMOVED & 0xff);
  }

  /** The array that all offsets point into; it may be another one after any append. */
  public byte[] bytes() {
    return bytes;
  }

  public int nameStart(int index) {
    return marks[index * 4];
  }

  public int nameEnd(int index) {
    return marks[index * 4 + 1];
  }

  public int valueStart(int index) {
    return marks[index * 4 + 2];
  }

  public int valueEnd(int index) {
    return marks[index * 4 + 3];
  }

  /** Index of the first live field of this name, or -1. */
  public int find(FieldName name) {
    return (seen & 1L << name.number()) == 0 ? -1 : findNext(name, -1);
  }

  /** Index of the first live field of this name after {@code index}, or -1. */
  public int findNext(FieldName name, int index) {
    int wanted = name.number();
    for (int i = index + 1; i < count; i++) {
      if (ids[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Index of the last live field of this name before {@code index}, or -1. */
  int findLast(FieldName name, int index) {
    int wanted = name.number();
    for (int i = index - 1; i >= 0; i--) {
      if (ids[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Index of the first live field of this name in any case, or -1. */
  public int find(CharSequence name) {
    return findNext(name, -1);
  }

  /** Index of the first live field of this name after {@code index}, or -1. */
  public int findNext(CharSequence name, int index) {
    for (int i = index + 1; i < count; i++) {
      if (!isRemoved(i) && nameIs(i, name)) {
        return i;
      }
    }
    return -1;
  }

  public boolean contains(FieldName name) {
    return find(name) >= 0;
  }

  public String name(int index) {
    return text(nameStart(index), nameEnd(index));
  }

  public String value(int index) {
    return text(valueStart(index), valueEnd(index));
  }

  /** The value of the first live field of this name, or the empty text. */
  public String valueOf(FieldName name) {
    int index = find(name);
    return index < 0 ? "" : value(index);
  }

  /** Shows the value of the first live field of this name, or the empty text. */
  public void showValueOf(FieldName name, OctetSink sink) {
    int index = find(name);
    if (index >= 0) {
      sink.octets(bytes, valueStart(index), valueEnd(index));
    } else {
      sink.octets(bytes, 0, 0);
    }
  }

  public boolean valueEquals(int index, AsciiBytes text) {
    return text.matches(bytes, valueStart(index), valueEnd(index));
  }

  public boolean valueEqualsIgnoringCase(int index, AsciiBytes text) {
    return text.matchesIgnoringCase(bytes, valueStart(index), valueEnd(index));
  }

  String text(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** Puts a field at the end. */
  public void append(FieldName name, CharSequence value) {
    byte[] wire = name.wire();
    int at = reserve(wire.length + value.length() + 4);
    System.arraycopy(wire, 0, bytes, at, wire.length);
    finish(at, wire.length, copy(value, at + wire.length + 2), name.number());
  }

  /** Puts a field at the end. */
  public void append(FieldName name, AsciiBytes value) {
    byte[] wire = name.wire();
    int at = reserve(wire.length + value.length() + 4);
    System.arraycopy(wire, 0, bytes, at, wire.length);
    finish(at, wire.length, value.copyTo(bytes, at + wire.length + 2), name.number());
  }

  /**
   * Puts a field at the end, whose value the caller writes at once.
   *
   * @return where in {@link #bytes()} its {@code length} octets begin
   */
  public int append(FieldName name, int length) {
    byte[] wire = name.wire();
    int at = reserve(wire.length + length + 4);
    System.arraycopy(wire, 0, bytes, at, wire.length);
    int value = at + wire.length + 2;
    finish(at, wire.length, value + length, name.number());
    return value;
  }

  /** Puts a field at the end. */
  public void append(CharSequence name, CharSequence value) {
    int at = reserve(name.length() + value.length() + 4);
    int nameEnd = copy(name, at);
    finish(at, nameEnd - at, copy(value, nameEnd + 2), FieldName.numberOf(bytes, at, nameEnd));
  }

  /** Puts a field at the end. */
  public void append(AsciiBytes name, AsciiBytes value) {
    int at = reserve(name.length() + value.length() + 4);
    int nameEnd = name.copyTo(bytes, at);
    int valueEnd = value.copyTo(bytes, nameEnd + 2);
    finish(at, nameEnd - at, valueEnd, FieldName.numberOf(bytes, at, nameEnd));
  }

  /** Puts a field at the end; the value may stand in this section's own array. */
  public void append(FieldName name, byte[] source, int valueStart, int valueEnd) {
    byte[] wire = name.wire();
    int at = reserve(wire.length + valueEnd - valueStart + 4);
    System.arraycopy(wire, 0, bytes, at, wire.length);
    int value = at + wire.length + 2;
    System.arraycopy(source, valueStart, bytes, value, valueEnd - valueStart);
    finish(at, wire.length, value + valueEnd - valueStart, name.number());
  }

  /** Puts a field at the end. */
  public void append(byte[] source, int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int nameLength = nameEnd - nameStart;
    int at = reserve(nameLength + valueEnd - valueStart + 4);
    System.arraycopy(source, nameStart, bytes, at, nameLength);
    int value = at + nameLength + 2;
    System.arraycopy(source, valueStart, bytes, value, valueEnd - valueStart);
    int id = FieldName.numberOf(bytes, at, at + nameLength);
    finish(at, nameLength, value + valueEnd - valueStart, id);
  }

  /** Removes every field of this name and puts one at the end. */
  public void replace(FieldName name, AsciiBytes value) {
    removeAll(name);
    append(name, value);
  }

  /** Removes every field of this name and puts one at the end. */
  public void replace(FieldName name, CharSequence value) {
    removeAll(name);
    append(name, value);
  }

  public void remove(int index) {
    ids[index] |= (byte) REMOVED;
  }

  public void removeAll(FieldName name) {
    for (int i = find(name); i >= 0; i = findNext(name, i)) {
      remove(i);
    }
  }

  /** Removes every field of this name, in any case. */
  public void removeAll(CharSequence name) {
    for (int i = find(name); i >= 0; i = findNext(name, i)) {
      remove(i);
    }
  }

  /** Removes every field of the name in the range, in any case. */
  void removeAll(byte[] source, int start, int end) {
    for (int i = 0; i < count; i++) {
      if (!isRemoved(i)
          && Octets.equalsIgnoringCase(bytes, nameStart(i), nameEnd(i), source, start, end)) {
        remove(i);
      }
    }
  }

  /** Removes every field whose name is a member. */
  void removeAll(FieldSet names) {
    if (names.meets(seen)) {
      for (int i = 0; i < count; i++) {
        if (ids[i] >= 0 && names.hasNumber(ids[i])) {
          remove(i);
        }
      }
    }
  }

  /**
   * Writes the live fields as lines of HTTP/1, without those whose name is a member. What stands in
   * the array as it must be written is copied in runs.
   */
  void writeTo(ByteBuf out, FieldSet without) {
    int runStart = 0;
    int runEnd = 0;
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || without.hasNumber(ids[i])) {
        continue;
      }
      boolean line = isLine(i);
      if (line && nameStart(i) == runEnd) {
        runEnd = valueEnd(i) + 2;
        continue;
      }
      out.writeBytes(bytes, runStart, runEnd - runStart);
      runStart = runEnd = 0;
      if (line) {
        runStart = nameStart(i);
        runEnd = valueEnd(i) + 2;
      } else {
        writeLine(out, i);
      }
    }
    out.writeBytes(bytes, runStart, runEnd - runStart);
  }

  private void writeLine(ByteBuf out, int index) {
    out.writeBytes(bytes, nameStart(index), nameEnd(index) - nameStart(index));
    out.writeShort(':' << 8 | ' ');
    out.writeBytes(bytes, valueStart(index), valueEnd(index) - valueStart(index));
    out.writeShort('\r' << 8 | '\n');
  }

  /** Makes this section a copy of the live fields of another. */
  public void copyFrom(FieldSection other) {
    clear();
    for (int i = 0; i < other.count; i++) {
      if (!other.isRemoved(i)) {
        append(
            other.bytes,
            other.nameStart(i),
            other.nameEnd(i),
            other.valueStart(i),
            other.valueEnd(i));
      }
    }
  }

  /** Makes room for {@code length} octets behind all others; answers the offset of the room. */
  public int reserve(int length) {
    int needed = used + length;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
    }
    return used;
  }

  /** Takes octets written into reserved room as a field. */
  public void mark(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int id = FieldName.numberOf(bytes, nameStart, nameEnd);
    mark(nameStart, nameEnd, valueStart, valueEnd, id);
    used = Math.max(used, valueEnd);
  }

  void mark(int nameStart, int nameEnd, int valueStart, int valueEnd, int id) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, count * 2);
      marks = Arrays.copyOf(marks, count * 8);
    }
    int at = count * 4;
    marks[at] = nameStart;
    marks[at + 1] = nameEnd;
    marks[at + 2] = valueStart;
    marks[at + 3] = valueEnd;
    ids[count++] = (byte) id;
    seen |= 1L << id;
  }

  /** Room for octets that a scanner copies ahead of marking them. */
  byte[] room(int from, int length) {
    if (from + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(from + length, bytes.length * 2));
    }
    return bytes;
  }

  int used() {
    return used;
  }

  void used(int octets) {
    used = octets;
  }

  /**
   * Whether the field stands in the array exactly as a line of HTTP/1 ({@code name: value CR LF}).
   */
  boolean isLine(int index) {
    int nameEnd = nameEnd(index);
    int valueEnd = valueEnd(index);
    return valueStart(index) == nameEnd + 2
        && valueEnd + 2 <= used
        && bytes[nameEnd] == ':'
        && bytes[nameEnd + 1] == ' '
        && bytes[valueEnd] == '\r'
        && bytes[valueEnd + 1] == '\n';
  }

  /** Completes a line whose name and value are already in place. */
  private void finish(int at, int nameLength, int valueEnd, int id) {
    int nameEnd = at + nameLength;
    bytes[nameEnd] = ':';
    bytes[nameEnd + 1] = ' ';
    bytes[valueEnd] = '\r';
    bytes[valueEnd + 1] = '\n';
    mark(at, nameEnd, nameEnd + 2, valueEnd, id);
    used = valueEnd + 2;
  }

  private int copy(CharSequence text, int at) {
    int length = text.length();
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, at, length);
    } else {
      for (int i = 0; i < length; i++) {
        char c = text.charAt(i);
        bytes[at + i] = (byte) (c < 256 ? c : '?');
      }
    }
    return at + length;
  }

  private boolean nameIs(int index, CharSequence name) {
    int start = nameStart(index);
    int length = nameEnd(index) - start;
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Octets.lower(bytes[start + i]) != Octets.lower((byte) name.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}

package io.lockgate.accesslog;

import java.util.Arrays;

/**
 * A line in the making: appends to an array until it is full, then remembers that it did not fit.
 * Text from outside goes through {@link #json} or {@link #combined}, which leave nothing that could
 * end a value or a line.
 */
final class Line {
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] CUT = ascii("...");

  private byte[] bytes = {};
  private int start;
  private int at;
  private boolean overflowed;

  void begin(byte[] into, int offset) {
    bytes = into;
    start = offset;
    at = offset;
    overflowed = false;
  }

  boolean overflowed() {
    return overflowed;
  }

  /** Where the next line begins. */
  int end() {
    return at;
  }

  int length() {
    return at - start;
  }

  /** What the line has from this octet on. */
  byte[] copy(int from) {
    return Arrays.copyOfRange(bytes, start + from, at);
  }

  Line put(byte[] text) {
    return put(text, text.length);
  }

  Line put(byte[] text, int length) {
    if (has(length)) {
      System.arraycopy(text, 0, bytes, at, length);
      at += length;
    }
    return this;
  }

  Line put(char character) {
    if (has(1)) {
      bytes[at++] = (byte) character;
    }
    return this;
  }

  Line put(long number) {
    if (number < 0) {
      return put('-').put(-number);
    }
    int digits = digits(number);
    if (has(digits)) {
      at += digits;
      long rest = number;
      for (int i = at - 1; i >= at - digits; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    return this;
  }

  private static int digits(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Exactly three digits. */
  Line put3(long number) {
    return put((char) ('0' + number / 100 % 10))
        .put((char) ('0' + number / 10 % 10))
        .put((char) ('0' + number % 10));
  }

  /** Milliseconds with three decimals. */
  Line millis(long nanos) {
    long micros = Math.max(0, nanos) / 1_000;
    return put(micros / 1_000).put('.').put3(micros % 1_000);
  }

  /**
   * The inside of a JSON string (RFC 8259 section 7), in ASCII; what exceeds {@code most} is cut.
   */
  Line json(String text, int most) {
    int length = Math.min(text.length(), most);
    for (int i = plain(text, 0, length); i < length; i = plain(text, i + 1, length)) {
      char character = text.charAt(i);
      if (character == '"' || character == '\\') {
        put('\\').put(character);
      } else {
        put('\\').put('u').hex(character >>> 8).hex(character & 0xff);
      }
    }
    return length < text.length() ? put(CUT) : this;
  }

  /** The inside of a quoted value of a combined line, as nginx and Apache escape it. */
  Line combined(String text, int most) {
    int length = Math.min(text.length(), most);
    for (int i = plain(text, 0, length); i < length; i = plain(text, i + 1, length)) {
      char character = text.charAt(i);
      if (character > 0xff) {
        put('\\').put('u').hex(character >>> 8).hex(character & 0xff);
      } else {
        put('\\').put('x').hex(character);
      }
    }
    return length < text.length() ? put(CUT) : this;
  }

  /**
   * Appends what needs no escaping, up to the first character that does. Nearly all values are
   * plain to their end, so the room is asked for once and the loop is kept short.
   *
   * @return the index of that character, or {@code end}
   */
  private int plain(String text, int from, int end) {
    if (!has(end - from)) {
      return end;
    }
    byte[] into = bytes;
    int to = at - from;
    int i = from;
    while (i < end && isPlain(text.charAt(i))) {
      into[to + i] = (byte) text.charAt(i);
      i++;
    }
    at = to + i;
    return i;
  }

  private static boolean isPlain(char character) {
    return character >= ' ' && character < 0x7f && character != '"' && character != '\\';
  }

  private Line hex(int octet) {
    return put((char) HEX[(octet >>> 4) & 0xf]).put((char) HEX[octet & 0xf]);
  }

  private boolean has(int more) {
    if (overflowed || bytes.length - at < more) {
      overflowed = true;
      return false;
    }
    return true;
  }

  static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}

package io.lockgate.accesslog;

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
    if (number >= 10) {
      put(number / 10);
    }
    return put((char) ('0' + number % 10));
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
    for (int i = 0; i < length; i++) {
      char character = text.charAt(i);
      if (character == '"' || character == '\\') {
        put('\\').put(character);
      } else if (isPlain(character)) {
        put(character);
      } else {
        put('\\').put('u').hex(character >>> 8).hex(character & 0xff);
      }
    }
    return length < text.length() ? put(CUT) : this;
  }

  /** The inside of a quoted value of a combined line, as nginx and Apache escape it. */
  Line combined(String text, int most) {
    int length = Math.min(text.length(), most);
    for (int i = 0; i < length; i++) {
      char character = text.charAt(i);
      if (isPlain(character) && character != '"' && character != '\\') {
        put(character);
      } else if (character > 0xff) {
        put('\\').put('u').hex(character >>> 8).hex(character & 0xff);
      } else {
        put('\\').put('x').hex(character);
      }
    }
    return length < text.length() ? put(CUT) : this;
  }

  private static boolean isPlain(char character) {
    return character >= ' ' && character < 0x7f;
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

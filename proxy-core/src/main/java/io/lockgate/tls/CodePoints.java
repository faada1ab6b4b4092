package io.lockgate.tls;

/**
 * An immutable list of 16-bit code points of the TLS registries, in the order in which the client
 * sent them.
 */
public final class CodePoints {
  public static final CodePoints NONE = new CodePoints(new char[0]);

  private final char[] values;

  CodePoints(char[] values) {
    this.values = values;
  }

  public int size() {
    return values.length;
  }

  public int at(int index) {
    return values[index];
  }

  public boolean contains(int value) {
    for (char each : values) {
      if (each == value) {
        return true;
      }
    }
    return false;
  }

  /** Whether a value only keeps servers tolerant (RFC 8701 section 2). */
  static boolean isGrease(int value) {
    return (value & 0x0f0f) == 0x0a0a && value >>> 8 == (value & 0xff);
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  /** Four hexadecimal digits each, as the registries write them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(values.length * 5);
    for (char each : values) {
      text.append(text.isEmpty() ? "" : " ").append("%04x".formatted((int) each));
    }
    return text.toString();
  }
}

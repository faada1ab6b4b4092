package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.http.OctetSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line in the making, and those before it that are to leave with it: appends to its array until
 * there is no more room for a line, then remembers that it did not fit. Text from outside goes
 * through {@link #json}, {@link #octets} or {@link #combined}, which leave nothing that could end a
 * value or a line.
 */
final class Line implements OctetSink {
  /** Formats cut values so that any line fits. */
  static final int LONGEST = 64 * 1024;

  /** Of any number there is. */
  private static final int MOST_DIGITS = 19;

  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] CUT = ascii("...");

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** A point and three digits. */
  private static final int[] DECIMALS = decimals();

  private final byte[] bytes;
  private int start;
  private int at;

  /** Up to where this line may grow. */
  private int limit;

  private boolean overflowed;

  /** Of the text that is being shown. */
  private int mostShown;

  /** Somebody has looked whether it needs escaping. */
  private boolean plain;

  /**
   * @param most octets of a line, or of several that stand behind each other
   */
  Line(int most) {
    bytes = new byte[most];
    begin();
  }

  /** Forgets this line, and those before it. */
  void begin() {
    at = 0;
    next();
  }

  /** Begins a line behind this one. */
  void next() {
    start = at;
    limit = Math.min(bytes.length, start + LONGEST);
    overflowed = false;
  }

  /** Begins this line anew. */
  void again() {
    at = start;
    overflowed = false;
  }

  boolean overflowed() {
    return overflowed;
  }

  int length() {
    return at - start;
  }

  /** Octets of all lines. */
  int lengthOfAll() {
    return at;
  }

  /** What the line has from this octet on. */
  byte[] copy(int from) {
    return Arrays.copyOfRange(bytes, start + from, at);
  }

  void copyAllTo(ByteBuffer target) {
    target.put(bytes, 0, at);
  }

  void copyTo(byte[] target, int index) {
    System.arraycopy(bytes, start, target, index, at - start);
  }

  @Override
  public String toString() {
    return new String(bytes, start, at - start, StandardCharsets.US_ASCII);
  }

  Line put(byte[] text) {
    return put(text, 0, text.length);
  }

  Line put(byte[] text, int from, int length) {
    if (has(length)) {
      System.arraycopy(text, from, bytes, at, length);
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
    if (number < 10) {
      return put((char) ('0' + number));
    }
    int digits = digits(number);
    if (has(digits)) {
      at += digits;
      long rest = number;
      int i = at - 1;
      for (; rest > Integer.MAX_VALUE; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      int few = (int) rest; // Divided in a third of the time.
      for (; few > 0; i--) {
        bytes[i] = (byte) ('0' + few % 10);
        few /= 10;
      }
    }
    return this;
  }

  private static int digits(long number) {
    int digits = 1;
    for (long power = 10; power <= number; power *= 10) {
      digits++;
      if (digits == MOST_DIGITS) {
        break;
      }
    }
    return digits;
  }

  /** A point and exactly three digits. */
  Line decimals(int thousandths) {
    if (has(Integer.BYTES)) {
      FOUR.set(bytes, at, DECIMALS[thousandths]);
      at += Integer.BYTES;
    }
    return this;
  }

  private static int[] decimals() {
    int[] texts = new int[1_000];
    for (int number = 0; number < texts.length; number++) {
      texts[number] = (int) FOUR.get(ascii("." + Integer.toString(1_000 + number).substring(1)), 0);
    }
    return texts;
  }

  /** Milliseconds with three decimals. */
  Line millis(long nanos) {
    long micros = Math.max(0, nanos) / 1_000;
    long millis = micros / 1_000;
    return put(millis).decimals((int) (micros - millis * 1_000));
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

  /**
   * As {@link #json}, for texts that were made of octets, one character of each (ISO 8859-1). They
   * are copied as they are and looked at eight at a time; the few that need escaping begin anew.
   */
  @SuppressWarnings("deprecation") // Of characters beyond Latin-1, which these texts have not.
  Line octets(String text, int most) {
    int length = Math.min(text.length(), most);
    if (!has(length)) {
      return this;
    }
    text.getBytes(0, length, bytes, at);
    if (!isPlain(bytes, at, at + length)) {
      return json(text, most);
    }
    at += length;
    return length < text.length() ? put(CUT) : this;
  }

  /** Whether texts that are shown from now on are known to need no escaping. */
  void plain(boolean known) {
    plain = known;
  }

  /** As {@link #octets}, for a text of which nobody has made a string. */
  Line shown(ExchangeSummary summary, ExchangeSummary.Text text, int most) {
    mostShown = most;
    summary.show(text, this);
    return this;
  }

  @Override
  public void octets(byte[] source, int start, int end) {
    int length = Math.min(end - start, mostShown);
    if (!has(length)) {
      return;
    }
    System.arraycopy(source, start, bytes, at, length);
    if (!plain && !isPlain(bytes, at, at + length)) {
      json(new String(source, start, end - start, StandardCharsets.ISO_8859_1), mostShown);
      return;
    }
    at += length;
    if (length < end - start) {
      put(CUT);
    }
  }

  /** Whether all octets stand for themselves in a JSON string. */
  static boolean isPlain(byte[] octets, int from, int to) {
    int last = to - Long.BYTES;
    if (last < from) {
      for (int i = from; i < to; i++) {
        if (!isPlain((char) (octets[i] & 0xff))) {
          return false;
        }
      }
      return true;
    }
    // Nearly all texts are plain to their end, so it is asked for once: a branch costs more.
    long escaped = escaped((long) EIGHT.get(octets, last));
    for (int i = from; i < last; i += Long.BYTES) {
      escaped |= escaped((long) EIGHT.get(octets, i));
    }
    return (escaped & HIGHS) == 0;
  }

  /**
   * Of eight octets: some high bit is set if one of them is invisible and no space, a quote or a
   * backslash.
   */
  private static long escaped(long eight) {
    long quotes = eight ^ '"' * ONES;
    long backslashes = eight ^ '\\' * ONES;
    long controls = (eight - ' ' * ONES) & ~eight;
    long beyond = eight | (eight + ONES);
    return ((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes) | controls | beyond;
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
    if (overflowed || limit - at < more) {
      overflowed = true;
      return false;
    }
    return true;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

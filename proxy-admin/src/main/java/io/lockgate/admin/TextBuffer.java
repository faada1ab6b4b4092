package io.lockgate.admin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Octets that grow, and are kept for the next text. Not safe for several threads. */
final class TextBuffer {
  /** Doubles up to this are whole without a doubt, and printed as such. */
  private static final double MOST_WHOLE = 1e15;

  private byte[] octets = new byte[64 * 1024];
  private int length;

  void clear() {
    length = 0;
  }

  int length() {
    return length;
  }

  byte[] copy() {
    return Arrays.copyOf(octets, length);
  }

  void octet(char octet) {
    room(1);
    octets[length++] = (byte) octet;
  }

  void octets(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, octets, length, more.length);
    length += more.length;
  }

  /** What stands between two places already, once more. */
  void repeat(int begin, int end) {
    room(end - begin);
    System.arraycopy(octets, begin, octets, length, end - begin);
    length += end - begin;
  }

  /** A text of ours, which is known to be ASCII. */
  void ascii(String more) {
    room(more.length());
    for (int at = 0; at < more.length(); at++) {
      octets[length++] = (byte) more.charAt(at);
    }
  }

  /** Any text, with backslashes before what would end a line, or a text in quotes. */
  void escaped(String more, boolean quotes) {
    room(2 * more.length());
    for (int at = 0; at < more.length(); at++) {
      char next = more.charAt(at);
      if (next >= 0x80) {
        String rest = more.substring(at).replace("\\", "\\\\").replace("\n", "\\n");
        octets((quotes ? rest.replace("\"", "\\\"") : rest).getBytes(StandardCharsets.UTF_8));
        return;
      }
      if (next == '\\' || next == '\n' || (quotes && next == '"')) {
        octets[length++] = '\\';
      }
      octets[length++] = (byte) (next == '\n' ? 'n' : next);
    }
  }

  void whole(long number) {
    if (number < 0) {
      ascii(Long.toString(number));
      return;
    }
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    room(digits);
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      octets[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  void number(double number) {
    if (number == Math.rint(number) && Math.abs(number) < MOST_WHOLE) {
      whole((long) number);
      ascii(".0");
    } else if (Double.isInfinite(number)) {
      ascii(number > 0 ? "+Inf" : "-Inf");
    } else {
      ascii(Double.toString(number)); // NaN has the same name there
    }
  }

  private void room(int more) {
    if (octets.length - length < more) {
      octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
    }
  }
}

package io.lockgate.app.log;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.slf4j.event.Level;

/** The parts of a log line that both formats share. Never lets a control character through. */
final class EventText {
  private static final int MAX_CAUSES = 8;
  private static final int MAX_FRAMES = 40;

  private EventText() {}

  /** RFC 3339, in UTC with milliseconds; by hand, since formatters cost start time. */
  static void appendTime(StringBuilder line, Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    appendPadded(line, time.getYear(), 4).append('-');
    appendPadded(line, time.getMonthValue(), 2).append('-');
    appendPadded(line, time.getDayOfMonth(), 2).append('T');
    appendPadded(line, time.getHour(), 2).append(':');
    appendPadded(line, time.getMinute(), 2).append(':');
    appendPadded(line, time.getSecond(), 2).append('.');
    appendPadded(line, time.getNano() / 1_000_000, 3).append('Z');
  }

  static String levelName(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  /** The failure and its causes in one sentence. */
  static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      text.append("; caused by ").append(cause);
      cause = cause.getCause();
    }
    return text.toString();
  }

  /** The frames of the innermost cause's failure, on one line. */
  static String stack(Throwable failure) {
    StringBuilder text = new StringBuilder();
    StackTraceElement[] frames = innermost(failure).getStackTrace();
    for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
      text.append(i == 0 ? "" : " < ").append(frames[i]);
    }
    return text.toString();
  }

  /** Copies text with control characters, line ends and the chosen quote escaped. */
  static void appendEscaped(StringBuilder line, String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && (c == '"' || c == '\\')) {
        line.append('\\').append(c);
      } else if (c == '\n') {
        line.append("\\n");
      } else if (c == '\r') {
        line.append("\\r");
      } else if (c == '\t') {
        line.append("\\t");
      } else if (isUnsafe(c)) {
        line.append("\\u");
        appendHex(line, c);
      } else {
        line.append(c);
      }
    }
  }

  /** Besides C0 and C1: the separators and direction marks with which a line can be made to lie. */
  private static boolean isUnsafe(char c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }

  private static void appendHex(StringBuilder line, char c) {
    for (int shift = 12; shift >= 0; shift -= 4) {
      line.append(Character.forDigit((c >> shift) & 0xf, 16));
    }
  }

  private static StringBuilder appendPadded(StringBuilder line, int number, int digits) {
    int limit = 1;
    for (int i = 1; i < digits; i++) {
      limit *= 10;
      if (number < limit) {
        line.append('0');
      }
    }
    // Leading zeros first, then the number itself.
    return line.append(number);
  }

  private static Throwable innermost(Throwable failure) {
    Throwable inner = failure;
    for (int depth = 0; inner.getCause() != null && depth < MAX_CAUSES; depth++) {
      inner = inner.getCause();
    }
    return inner;
  }
}

package io.lockgate.http2;

/**
 * How urgent a response is and whether parts of it are of use (RFC 9218 section 4), as one number:
 * the urgency, from 0, the most urgent, to 7, and a bit for incremental. Pure.
 */
public final class Priority {
  /** Urgency 3, not incremental. */
  public static final int USUAL = 3;

  private static final int MOST_URGENCY = 7;
  private static final int INCREMENTAL = 8;

  private Priority() {}

  public static int urgency(int priority) {
    return priority & MOST_URGENCY;
  }

  public static boolean incremental(int priority) {
    return (priority & INCREMENTAL) != 0;
  }

  /**
   * What a field value says. Unknown members and values out of range count for nothing; where the
   * same one comes twice, the last counts (RFC 8941 section 3.2).
   *
   * @param base what holds for members that are not there
   */
  public static int parse(byte[] bytes, int start, int end, int base) {
    int priority = base;
    int at = start;
    while (at < end) {
      int stop = memberEnd(bytes, at, end);
      priority = member(bytes, skipSpaces(bytes, at, stop), stop, priority);
      at = stop + 1;
    }
    return priority;
  }

  private static int member(byte[] bytes, int at, int end, int priority) {
    if (at >= end) {
      return priority;
    }
    int next = at + 1;
    boolean named = next >= end || !namePart(bytes[next]);
    if (named && bytes[at] == 'u' && next + 1 < end && bytes[next] == '=') {
      int urgency = bytes[next + 1] - '0';
      boolean valid = urgency >= 0 && urgency <= MOST_URGENCY && ends(bytes, next + 2, end);
      return valid ? (priority & INCREMENTAL) | urgency : priority;
    }
    if (named && bytes[at] == 'i') {
      if (ends(bytes, next, end)) {
        return priority | INCREMENTAL;
      }
      if (next + 2 < end && bytes[next] == '=' && bytes[next + 1] == '?') {
        boolean valid = ends(bytes, next + 3, end);
        return switch (bytes[next + 2]) {
          case '1' -> valid ? priority | INCREMENTAL : priority;
          case '0' -> valid ? priority & ~INCREMENTAL : priority;
          default -> priority;
        };
      }
    }
    return priority;
  }

  /** Whether a member's value ends here, parameters and spaces aside. */
  private static boolean ends(byte[] bytes, int at, int end) {
    int after = skipSpaces(bytes, at, end);
    return after == end || bytes[after] == ';';
  }

  private static boolean namePart(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= '0' && octet <= '9')
        || octet == '_'
        || octet == '-'
        || octet == '.'
        || octet == '*';
  }

  private static int skipSpaces(byte[] bytes, int at, int end) {
    int next = at;
    while (next < end && (bytes[next] == ' ' || bytes[next] == '\t')) {
      next++;
    }
    return next;
  }

  /** The comma after a member, or the end; commas in strings are none. */
  private static int memberEnd(byte[] bytes, int start, int end) {
    boolean quoted = false;
    for (int at = start; at < end; at++) {
      if (bytes[at] == '"') {
        quoted = !quoted;
      } else if (quoted && bytes[at] == '\\') {
        at++;
      } else if (!quoted && bytes[at] == ',') {
        return at;
      }
    }
    return end;
  }
}

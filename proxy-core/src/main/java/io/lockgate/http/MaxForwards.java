package io.lockgate.http;

/**
 * How many proxies may still pass an OPTIONS request on (RFC 9110 section 7.6.2). TRACE, the other
 * method that it is for, is refused anyway; with all others the field means nothing. A value that
 * is no number counts nothing and is left as it came. Pure.
 */
public final class MaxForwards {
  /** Larger numbers are as good as this one, and cannot overflow. */
  private static final int MOST = 1000;

  private static final int NONE = -1;

  private MaxForwards() {}

  /** Whether the request has come as far as it may: it is answered here. */
  public static boolean reached(RequestHead head) {
    return of(head) == 0;
  }

  /** Counts this proxy, before the request is forwarded. */
  public static void count(RequestHead head) {
    int left = of(head);
    if (left > 0) {
      head.fields().replace(FieldName.MAX_FORWARDS, Integer.toString(left - 1));
    }
  }

  /** The least that is said. */
  private static int of(RequestHead head) {
    if (head.method() != Method.OPTIONS) {
      return NONE;
    }
    FieldSection fields = head.fields();
    int least = NONE;
    int at = fields.find(FieldName.MAX_FORWARDS);
    while (at >= 0) {
      int value = number(fields.bytes(), fields.valueStart(at), fields.valueEnd(at));
      if (value != NONE && (least == NONE || value < least)) {
        least = value;
      }
      at = fields.findNext(FieldName.MAX_FORWARDS, at);
    }
    return least;
  }

  private static int number(byte[] bytes, int start, int end) {
    int value = start == end ? NONE : 0;
    for (int i = start; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = Math.min(MOST, value * 10 + digit);
    }
    return value;
  }
}

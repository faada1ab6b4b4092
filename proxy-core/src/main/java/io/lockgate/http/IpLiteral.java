package io.lockgate.http;

/**
 * Reads IP addresses from text, strictly and without objects: four decimal numbers without leading
 * zeros, or RFC 4291 section 2.2. No zones, no brackets, no names. Pure.
 */
public final class IpLiteral {
  private IpLiteral() {}

  /**
   * Reads an address of either kind as 16 octets, IPv4 in its mapped form.
   *
   * @return whether the range is an address
   */
  public static boolean read(byte[] text, int start, int end, byte[] into) {
    java.util.Arrays.fill(into, (byte) 0);
    if (readV4(text, start, end, into, 12)) {
      into[10] = into[11] = (byte) 0xff;
      return true;
    }
    return readV6(text, start, end, into);
  }

  /** Reads an IPv4 address as four octets, put at {@code offset}. */
  public static boolean readV4(byte[] text, int start, int end, byte[] into, int offset) {
    int part = 0;
    int at = start;
    while (part < 4) {
      int digits = at;
      int value = 0;
      while (at < end && at - digits < 3 && Octets.is(text[at], Octets.DIGIT)) {
        value = value * 10 + text[at++] - '0';
      }
      boolean padded = at - digits > 1 && text[digits] == '0';
      if (at == digits || padded || value > 255) {
        return false;
      }
      into[offset + part++] = (byte) value;
      if (part < 4 && (at == end || text[at++] != '.')) {
        return false;
      }
    }
    return at == end;
  }

  /** Reads an IPv6 address as 16 octets. */
  public static boolean readV6(byte[] text, int start, int end, byte[] into) {
    java.util.Arrays.fill(into, (byte) 0);
    int at = start;
    int filled = 0;
    int gap = -1;
    if (end - start >= 2 && text[start] == ':' && text[start + 1] == ':') {
      gap = 0;
      at += 2;
    }
    while (at < end) {
      int group = at;
      int value = 0;
      while (at < end && at - group < 4 && Octets.is(text[at], Octets.HEX)) {
        value = value << 4 | Octets.hex(text[at++]);
      }
      if (at < end && text[at] == '.' && filled <= 12) {
        if (!readV4(text, group, end, into, filled)) {
          return false;
        }
        filled += 4;
        at = end;
        break;
      }
      if (at == group || filled == 16) {
        return false;
      }
      into[filled++] = (byte) (value >> 8);
      into[filled++] = (byte) value;
      if (at == end) {
        break;
      }
      if (text[at++] != ':' || at == end) {
        return false;
      }
      if (text[at] == ':') {
        if (gap >= 0) {
          return false;
        }
        gap = filled;
        at++;
      }
    }
    return gap < 0 ? filled == 16 : spread(into, filled, gap);
  }

  /** Moves what follows the double colon to the end. */
  private static boolean spread(byte[] into, int filled, int gap) {
    if (filled == 16) {
      return false;
    }
    int tail = filled - gap;
    System.arraycopy(into, gap, into, 16 - tail, tail);
    java.util.Arrays.fill(into, gap, 16 - tail, (byte) 0);
    return true;
  }
}

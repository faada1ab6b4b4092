package io.lockgate.http;

/**
 * What each octet may be part of in the grammars of RFC 9110 section 5.6, RFC 9112 and RFC 3986,
 * one table look-up each. Pure.
 */
final class Octets {
  /** RFC 9110 section 5.6.2. */
  static final int TOKEN = 1;

  /** RFC 9110 section 5.5: VCHAR, SP, HTAB, obs-text. */
  static final int VALUE = 2;

  /** What a request target may hold: visible ASCII without the fragment mark. */
  static final int TARGET = 4;

  /** What names of hosts are made of, the dot included. */
  static final int HOST = 8;

  static final int HEX = 16;
  static final int DIGIT = 32;

  /** A token octet that is not an upper-case letter: all that HTTP/2 names are made of. */
  static final int LOWER_TOKEN = 64;

  private static final byte[] KINDS = kinds();
  private static final byte[] LOWER = lower();

  private Octets() {}

  static boolean is(byte octet, int kind) {
    return (KINDS[octet & 0xff] & kind) != 0;
  }

  static byte lower(byte octet) {
    return LOWER[octet & 0xff];
  }

  static boolean isSpace(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(byte octet) {
    if (octet >= '0' && octet <= '9') {
      return octet - '0';
    }
    int letter = octet | 0x20;
    return letter >= 'a' && letter <= 'f' && octet > 0 ? letter - 'a' + 10 : -1;
  }

  static boolean equalsIgnoringCase(
      byte[] left, int leftStart, int leftEnd, byte[] right, int rightStart, int rightEnd) {
    if (leftEnd - leftStart != rightEnd - rightStart) {
      return false;
    }
    for (int i = leftStart, j = rightStart; i < leftEnd; i++, j++) {
      if (left[i] != right[j] && LOWER[left[i] & 0xff] != LOWER[right[j] & 0xff]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    mark(kinds, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz", TOKEN | LOWER_TOKEN);
    mark(kinds, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", TOKEN);
    mark(kinds, "-._", HOST);
    mark(kinds, "0123456789", HOST | HEX | DIGIT);
    mark(kinds, "abcdefABCDEF", HOST | HEX);
    mark(kinds, "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ", HOST);
    for (int octet = 0; octet < 256; octet++) {
      if (octet == '\t' || (octet >= ' ' && octet != 0x7f)) {
        kinds[octet] |= VALUE;
      }
      if (octet > ' ' && octet < 0x7f && octet != '#') {
        kinds[octet] |= TARGET;
      }
    }
    return kinds;
  }

  private static void mark(byte[] kinds, String octets, int kind) {
    for (int i = 0; i < octets.length(); i++) {
      kinds[octets.charAt(i)] |= (byte) kind;
    }
  }

  private static byte[] lower() {
    byte[] lower = new byte[256];
    for (int octet = 0; octet < 256; octet++) {
      lower[octet] = (byte) (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
    }
    return lower;
  }
}

package io.lockgate.http;

/**
 * Reads host and port (RFC 9110 section 7.2) into a head. Narrower than RFC 3986's reg-name on
 * purpose: letters, digits, hyphen, underscore and dot, so that nobody behind us can read another
 * host out of it. Pure.
 */
final class Authority {
  private static final int MAX_HOST = 254;

  private Authority() {}

  /** Sets authority, host, port and hash of the head; answers whether the range is an authority. */
  static boolean read(RequestHead head, int start, int end) {
    byte[] bytes = head.bytes();
    if (start == end) {
      return false;
    }
    boolean literal = bytes[start] == '[';
    int hostStart = literal ? start + 1 : start;
    int hostEnd = literal ? literalEnd(bytes, hostStart, end) : nameEnd(bytes, start, end);
    if (hostEnd < 0) {
      return false;
    }
    int port = -1;
    int at = literal ? hostEnd + 1 : hostEnd;
    if (at < end) {
      port = bytes[at] == ':' ? port(bytes, at + 1, end) : -1;
      if (port < 0) {
        return false;
      }
    }
    head.authorityStart = start;
    head.authorityEnd = end;
    head.port = port;
    if (!literal && bytes[hostEnd - 1] == '.') {
      hostEnd--;
    }
    normalise(head, hostStart, hostEnd);
    return true;
  }

  /** Whether the range is an authority, without a head to put it in. */
  static boolean valid(byte[] bytes, int start, int end) {
    if (start == end) {
      return false;
    }
    boolean literal = bytes[start] == '[';
    int hostEnd = literal ? literalEnd(bytes, start + 1, end) : nameEnd(bytes, start, end);
    int at = literal ? hostEnd + 1 : hostEnd;
    return hostEnd >= 0 && (at == end || (bytes[at] == ':' && port(bytes, at + 1, end) > 0));
  }

  /** The end of the name, or -1. */
  private static int nameEnd(byte[] bytes, int start, int end) {
    byte last = '.';
    int at = start;
    for (; at < end && bytes[at] != ':'; at++) {
      byte octet = bytes[at];
      if (!Octets.is(octet, Octets.HOST) || (octet == '.' && last == '.')) {
        return -1;
      }
      last = octet;
    }
    return at == start || at - start > MAX_HOST ? -1 : at;
  }

  /** The place of the closing bracket, or -1. */
  private static int literalEnd(byte[] bytes, int start, int end) {
    for (int at = start; at < end; at++) {
      if (bytes[at] == ']') {
        return isV6(bytes, start, at) ? at : -1;
      }
    }
    return -1;
  }

  /** Allocates, but hosts are seldom literal addresses. */
  private static boolean isV6(byte[] bytes, int start, int end) {
    return IpLiteral.readV6(bytes, start, end, new byte[16]);
  }

  /** The number from 1 to 65535 that the range is, or -1. */
  static int port(byte[] bytes, int start, int end) {
    if (start == end || end - start > 5) {
      return -1;
    }
    int port = 0;
    for (int at = start; at < end; at++) {
      if (!Octets.is(bytes[at], Octets.DIGIT)) {
        return -1;
      }
      port = port * 10 + bytes[at] - '0';
    }
    return port >= 1 && port <= 65535 ? port : -1;
  }

  private static void normalise(RequestHead head, int start, int end) {
    byte[] bytes = head.bytes();
    int hash = 0;
    boolean lower = true;
    for (int at = start; at < end; at++) {
      byte octet = Octets.lower(bytes[at]);
      lower &= octet == bytes[at];
      hash = 31 * hash + octet;
    }
    head.hostHash = hash;
    head.hostStart = lower ? start : lowerCopy(head.fields(), start, end);
    head.hostEnd = head.hostStart + end - start;
  }

  private static int lowerCopy(FieldSection fields, int start, int end) {
    int at = fields.reserve(end - start);
    byte[] bytes = fields.bytes();
    for (int i = start; i < end; i++) {
      bytes[at + i - start] = Octets.lower(bytes[i]);
    }
    fields.used(at + end - start);
    return at;
  }
}

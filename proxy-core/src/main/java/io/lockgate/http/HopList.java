package io.lockgate.http;

/**
 * Reads who the client was from what trusted proxies wrote, from the right: each proxy appends whom
 * it saw, so what stands right of the first hop that is not trusted was written by those that are.
 * A hop that is no address ends the search, for what stands before it is hearsay; so does one
 * beyond the first {@value #MOST_HOPS}. Belongs to one connection.
 */
final class HopList {
  static final int MOST_HOPS = 32;

  private static final AsciiBytes FOR = AsciiBytes.of("for");

  private final TrustedProxies trusted;
  private byte[] address = new byte[16];
  private byte[] spare = new byte[16];
  private byte[] text = {};
  private int clientStart;
  private int clientEnd;
  private int hops;

  HopList(TrustedProxies trusted) {
    this.trusted = trusted;
  }

  /**
   * Looks for the client in the lines of a field.
   *
   * @return whether the proxies say anything usable
   */
  boolean find(FieldSection fields, FieldName name) {
    text = fields.bytes();
    clientStart = clientEnd = hops = 0;
    boolean further = true;
    for (int line = fields.findLast(name, fields.count());
        further && line >= 0;
        line = fields.findLast(name, line)) {
      further =
          name == FieldName.FORWARDED
              ? forwarded(fields.valueStart(line), fields.valueEnd(line))
              : forwardedFor(fields.valueStart(line), fields.valueEnd(line));
    }
    return clientEnd > clientStart;
  }

  /** The client's address as the proxies wrote it. */
  String client(FieldSection fields) {
    return fields.text(clientStart, clientEnd);
  }

  /** The same in 16 octets, IPv4 in its mapped form; not to be changed. */
  byte[] clientOctets() {
    return address;
  }

  /** Answers whether what stands further left may be believed. */
  private boolean forwardedFor(int start, int end) {
    int to = end;
    for (int at = end - 1; at >= start; at--) {
      if (text[at] == ',') {
        if (!hop(at + 1, to)) {
          return false;
        }
        to = at;
      }
    }
    return hop(start, to);
  }

  /**
   * Elements are separated by commas outside quotes (RFC 7239 section 4). Read from the right, a
   * quote that a client left open cannot swallow what a proxy wrote behind it.
   */
  private boolean forwarded(int start, int end) {
    boolean quoted = false;
    int to = end;
    for (int at = end - 1; at >= start; at--) {
      if (text[at] == '"' && !escaped(at, start)) {
        quoted = !quoted;
      } else if (text[at] == ',' && !quoted) {
        if (!element(at + 1, to)) {
          return false;
        }
        to = at;
      }
    }
    return !quoted && element(start, to);
  }

  private boolean escaped(int at, int start) {
    int backslashes = 0;
    while (at - backslashes > start && text[at - backslashes - 1] == '\\') {
      backslashes++;
    }
    return (backslashes & 1) == 1;
  }

  /** Pairs of a name and a value, none twice for our purpose, and one of them {@code for}. */
  private boolean element(int start, int end) {
    int nodeStart = -1;
    int nodeEnd = -1;
    int at = FieldRules.skipSpace(text, start, end);
    int last = trimmedEnd(at, end);
    while (at < last) {
      int equals = FieldRules.tokenEnd(text, at, last);
      if (equals == at || equals == last || text[equals] != '=') {
        return false;
      }
      int from = equals + 1;
      int to = valueEnd(from, last);
      if (to < 0 || (to < last && text[to] != ';')) {
        return false;
      }
      if (FOR.matchesIgnoringCase(text, at, equals)) {
        if (nodeStart >= 0) {
          return false;
        }
        boolean quoted = text[from] == '"';
        nodeStart = quoted ? from + 1 : from;
        nodeEnd = quoted ? to - 1 : to;
      }
      at = to + 1;
    }
    return nodeStart >= 0 && at == last + 1 && hop(nodeStart, nodeEnd);
  }

  /** Behind a token or a quoted string; negative where neither stands there. */
  private int valueEnd(int from, int end) {
    if (from == end || text[from] != '"') {
      int to = FieldRules.tokenEnd(text, from, end);
      return to == from ? -1 : to;
    }
    for (int at = from + 1; at < end; at++) {
      if (text[at] == '\\') {
        at++;
      } else if (text[at] == '"') {
        return at + 1;
      }
    }
    return -1;
  }

  /**
   * Takes an address, or one with a port, IPv6 then in brackets. Answers whether it is one, and
   * trusted, so that the next may be asked for.
   */
  private boolean hop(int start, int end) {
    int from = FieldRules.skipSpace(text, start, end);
    int to = trimmedEnd(from, end);
    if (from < to && text[from] == '[') {
      int close = from + 1;
      while (close < to && text[close] != ']') {
        close++;
      }
      boolean whole = close < to && (close + 1 == to || isPort(close + 1, to));
      return whole && IpLiteral.readV6(text, from + 1, close, spare) && known(from + 1, close);
    }
    if (IpLiteral.read(text, from, to, spare)) {
      return known(from, to);
    }
    int colon = from;
    while (colon < to && text[colon] != ':') {
      colon++;
    }
    return isPort(colon, to) && IpLiteral.read(text, from, colon, spare) && known(from, colon);
  }

  private boolean known(int start, int end) {
    byte[] before = address;
    address = spare;
    spare = before;
    clientStart = start;
    clientEnd = end;
    return ++hops < MOST_HOPS && trusted.containMapped(address);
  }

  /** A number, or an obfuscated one (RFC 7239 section 6.2). */
  private boolean isPort(int colon, int end) {
    if (colon >= end || text[colon] != ':' || end - colon < 2) {
      return false;
    }
    if (text[colon + 1] == '_') {
      return end - colon > 2 && FieldRules.tokenEnd(text, colon + 1, end) == end;
    }
    int value = 0;
    for (int at = colon + 1; at < end; at++) {
      if (!Octets.is(text[at], Octets.DIGIT) || end - colon > 6) {
        return false;
      }
      value = value * 10 + text[at] - '0';
    }
    return value <= 0xffff;
  }

  private int trimmedEnd(int start, int end) {
    int to = end;
    while (to > start && Octets.isSpace(text[to - 1])) {
      to--;
    }
    return to;
  }
}

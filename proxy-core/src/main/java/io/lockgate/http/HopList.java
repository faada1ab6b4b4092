package io.lockgate.http;

/**
 * Reads who the client was from what trusted proxies wrote: the right-most hop that is not itself
 * trusted, or the left-most that is. A hop that is no address ends the search to its right, for
 * what stands before it is hearsay. Belongs to one connection.
 */
final class HopList {
  private static final AsciiBytes FOR = AsciiBytes.of("for");

  private final TrustedProxies trusted;
  private final byte[] address = new byte[16];
  private byte[] text = {};
  private int clientStart;
  private int clientEnd;

  HopList(TrustedProxies trusted) {
    this.trusted = trusted;
  }

  /** The client's address as the proxies wrote it, or {@code peer} if they say nothing usable. */
  String client(FieldSection fields, FieldName name, String peer) {
    text = fields.bytes();
    forgetClient();
    for (int i = fields.find(name); i >= 0; i = fields.findNext(name, i)) {
      if (name == FieldName.FORWARDED) {
        forwarded(fields.valueStart(i), fields.valueEnd(i));
      } else {
        forwardedFor(fields.valueStart(i), fields.valueEnd(i));
      }
    }
    return clientEnd > clientStart ? fields.text(clientStart, clientEnd) : peer;
  }

  private void forgetClient() {
    clientStart = clientEnd = 0;
  }

  private void forwardedFor(int start, int end) {
    int from = start;
    for (int at = start; at <= end; at++) {
      if (at == end || text[at] == ',') {
        hop(from, at);
        from = at + 1;
      }
    }
  }

  /** Elements are separated by commas, parameters by semicolons, outside quotes (RFC 7239 4). */
  private void forwarded(int start, int end) {
    boolean quoted = false;
    boolean named = false;
    int from = start;
    for (int at = start; at <= end; at++) {
      byte octet = at == end ? (byte) ',' : text[at];
      if (at < end && octet == '"') {
        quoted = !quoted;
      } else if (at == end || (!quoted && (octet == ',' || octet == ';'))) {
        named |= parameter(from, at);
        from = at + 1;
        if (octet == ',') {
          if (!named) {
            forgetClient();
          }
          named = false;
        }
      }
    }
  }

  /** Takes a {@code for} parameter; answers whether it was one. */
  private boolean parameter(int start, int end) {
    int from = FieldRules.skipSpace(text, start, end);
    int equals = FieldRules.tokenEnd(text, from, end);
    if (equals == end || text[equals] != '=' || !FOR.matchesIgnoringCase(text, from, equals)) {
      return false;
    }
    int to = trimmedEnd(equals + 1, end);
    boolean quoted = to - equals > 2 && text[equals + 1] == '"' && text[to - 1] == '"';
    hop(quoted ? equals + 2 : equals + 1, quoted ? to - 1 : to);
    return true;
  }

  /** An address, or one with a port, IPv6 then in brackets. */
  private void hop(int start, int end) {
    int from = FieldRules.skipSpace(text, start, end);
    int to = trimmedEnd(from, end);
    if (from < to && text[from] == '[') {
      int close = from + 1;
      while (close < to && text[close] != ']') {
        close++;
      }
      boolean whole = close < to && (close + 1 == to || isPort(close + 1, to));
      known(whole && IpLiteral.readV6(text, from + 1, close, address), from + 1, close);
      return;
    }
    if (IpLiteral.read(text, from, to, address)) {
      known(true, from, to);
      return;
    }
    int colon = from;
    while (colon < to && text[colon] != ':') {
      colon++;
    }
    known(isPort(colon, to) && IpLiteral.read(text, from, colon, address), from, colon);
  }

  private void known(boolean valid, int start, int end) {
    if (!valid) {
      forgetClient();
      return;
    }
    if (clientEnd == clientStart || !trusted.containMapped(address)) {
      clientStart = start;
      clientEnd = end;
    }
  }

  private boolean isPort(int colon, int end) {
    if (colon >= end || text[colon] != ':' || end - colon > 6 || end - colon < 2) {
      return false;
    }
    for (int at = colon + 1; at < end; at++) {
      if (!Octets.is(text[at], Octets.DIGIT)) {
        return false;
      }
    }
    return true;
  }

  private int trimmedEnd(int start, int end) {
    int to = end;
    while (to > start && Octets.isSpace(text[to - 1])) {
      to--;
    }
    return to;
  }
}

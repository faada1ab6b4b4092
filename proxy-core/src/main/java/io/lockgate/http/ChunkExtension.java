package io.lockgate.http;

/**
 * Follows the grammar of chunk extensions (RFC 9112 section 7.1.1), octet by octet, keeping
 * nothing. Belongs to a {@link ChunkedScanner}.
 */
final class ChunkExtension {
  private enum Part {
    SEMICOLON,
    BEFORE_NAME,
    NAME,
    AFTER_NAME,
    BEFORE_VALUE,
    VALUE,
    QUOTED,
    ESCAPED,
    AFTER_QUOTED
  }

  private Part part = Part.SEMICOLON;

  void begin() {
    part = Part.SEMICOLON;
  }

  /** Whether the line may end here: behind a name or a value, not behind white space. */
  boolean complete() {
    return part == Part.NAME || part == Part.VALUE || part == Part.AFTER_QUOTED;
  }

  /** Takes the next octet; answers whether the grammar allows it. */
  boolean accept(byte octet) {
    Part next =
        switch (part) {
          case SEMICOLON -> octet == ';' ? Part.BEFORE_NAME : spaceOrNull(octet);
          case BEFORE_NAME -> Octets.is(octet, Octets.TOKEN) ? Part.NAME : spaceOrNull(octet);
          case NAME -> Octets.is(octet, Octets.TOKEN) ? Part.NAME : afterName(octet);
          case AFTER_NAME -> afterName(octet);
          case BEFORE_VALUE -> beforeValue(octet);
          case VALUE -> Octets.is(octet, Octets.TOKEN) ? Part.VALUE : afterValue(octet);
          case QUOTED -> quoted(octet);
          case ESCAPED -> Octets.is(octet, Octets.VALUE) ? Part.QUOTED : null;
          case AFTER_QUOTED -> afterValue(octet);
        };
    if (next == null) {
      return false;
    }
    part = next;
    return true;
  }

  private Part spaceOrNull(byte octet) {
    return Octets.isSpace(octet) ? part : null;
  }

  private static Part afterName(byte octet) {
    if (octet == '=') {
      return Part.BEFORE_VALUE;
    }
    if (octet == ';') {
      return Part.BEFORE_NAME;
    }
    return Octets.isSpace(octet) ? Part.AFTER_NAME : null;
  }

  private Part beforeValue(byte octet) {
    if (octet == '"') {
      return Part.QUOTED;
    }
    return Octets.is(octet, Octets.TOKEN) ? Part.VALUE : spaceOrNull(octet);
  }

  private static Part quoted(byte octet) {
    if (octet == '"') {
      return Part.AFTER_QUOTED;
    }
    if (octet == '\\') {
      return Part.ESCAPED;
    }
    return Octets.is(octet, Octets.VALUE) ? Part.QUOTED : null;
  }

  /** White space must be followed by another extension. */
  private static Part afterValue(byte octet) {
    if (octet == ';') {
      return Part.BEFORE_NAME;
    }
    return Octets.isSpace(octet) ? Part.SEMICOLON : null;
  }
}

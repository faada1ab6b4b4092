package io.lockgate.tls;

import io.lockgate.tls.ClientHello.NameKind;
import io.netty.buffer.ByteBuf;

/**
 * The name in a server_name extension, normalised.
 *
 * @param text lower case, without a trailing dot; empty unless it is a host name or an IP literal
 */
record ServerName(String text, NameKind kind) {
  static final ServerName ABSENT = new ServerName("", NameKind.ABSENT);
  static final ServerName INVALID = new ServerName("", NameKind.INVALID);

  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL = 63;

  /** Judges the bytes of a name; nothing of an invalid one is kept. */
  static ServerName parse(ByteBuf in, int from, int bytes) {
    boolean dotAtEnd = bytes > 1 && in.getByte(from + bytes - 1) == '.';
    int length = dotAtEnd ? bytes - 1 : bytes;
    if (length > MAX_LENGTH) {
      return INVALID;
    }
    char[] name = new char[length];
    for (int i = 0; i < length; i++) {
      int c = in.getByte(from + i);
      name[i] = (char) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c & 0xff);
    }
    if (isAddress(name)) {
      return new ServerName(new String(name), NameKind.IP_LITERAL);
    }
    return isHost(name) ? new ServerName(new String(name), NameKind.HOST) : INVALID;
  }

  /** Letters, digits, hyphens and underscores in labels of 1 to 63 bytes. */
  private static boolean isHost(char[] name) {
    int label = 0;
    for (int i = 0; i < name.length; i++) {
      char c = name[i];
      if (c == '.') {
        if (label == 0) {
          return false;
        }
        label = 0;
      } else if (!isNameByte(c) || ++label > MAX_LABEL) {
        return false;
      }
    }
    return label > 0;
  }

  private static boolean isNameByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  /** Digits and dots with a dot among them, or hexadecimal digits and dots with two colons. */
  private static boolean isAddress(char[] name) {
    int dots = 0;
    int colons = 0;
    int digits = 0;
    boolean letters = false;
    for (char c : name) {
      if (c == '.') {
        dots++;
      } else if (c == ':') {
        colons++;
      } else if (c >= 'a' && c <= 'f') {
        letters = true;
      } else if (c >= '0' && c <= '9') {
        digits++;
      } else {
        return false;
      }
    }
    return colons >= 2 || (colons == 0 && dots > 0 && digits > 0 && !letters);
  }
}

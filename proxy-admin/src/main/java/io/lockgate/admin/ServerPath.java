package io.lockgate.admin;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The path of one server of an upstream: {@code /upstreams/NAME/servers/ADDRESS}. The address is
 * all that follows, since that of a Unix socket holds slashes itself; what a client cannot send as
 * it is may be percent-encoded.
 */
record ServerPath(String upstream, String address) {
  /** How the path is told to people. */
  static final String PATTERN = "/upstreams/NAME/servers/ADDRESS";

  private static final String BEGIN = "/upstreams/";
  private static final String MIDDLE = "/servers/";

  /** Empty for any other path. */
  static Optional<ServerPath> of(String path) {
    int middle = path.indexOf(MIDDLE);
    if (!path.startsWith(BEGIN) || middle <= BEGIN.length()) {
      return Optional.empty();
    }
    String upstream = path.substring(BEGIN.length(), middle);
    String address = path.substring(middle + MIDDLE.length());
    return upstream.indexOf('/') >= 0 || address.isEmpty()
        ? Optional.empty()
        : Optional.of(new ServerPath(upstream, decoded(address)));
  }

  private static String decoded(String text) {
    byte[] octets = new byte[text.length()];
    int length = 0;
    for (int at = 0; at < text.length(); at++) {
      int octet = text.charAt(at) == '%' ? hex(text, at + 1) : -1;
      at += octet < 0 ? 0 : 2;
      octets[length++] = (byte) (octet < 0 ? text.charAt(at) : octet);
    }
    return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** The octet that two digits stand for, or -1. */
  private static int hex(String text, int at) {
    int high = at + 1 < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}

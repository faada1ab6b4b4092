package io.lockgate.upstream;

import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Finds a cookie's value in {@code Cookie} fields (RFC 6265 section 4.2). Immutable. */
final class CookieName {
  private final byte[] name;

  CookieName(String name) {
    this.name = name.getBytes(StandardCharsets.ISO_8859_1);
  }

  Optional<String> find(FieldSection fields) {
    // HTTP/2 may split the field into several (RFC 9113 section 8.2.3).
    for (int i = fields.find(FieldName.COOKIE); i >= 0; i = fields.findNext(FieldName.COOKIE, i)) {
      int start = find(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
      if (start >= 0) {
        int end = start;
        while (end < fields.valueEnd(i) && fields.bytes()[end] != ';') {
          end++;
        }
        return Optional.of(
            new String(fields.bytes(), start, end - start, StandardCharsets.ISO_8859_1));
      }
    }
    return Optional.empty();
  }

  /** Where the value begins, or -1. */
  private int find(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      while (at < end && (bytes[at] == ' ' || bytes[at] == ';')) {
        at++;
      }
      if (at + name.length < end
          && bytes[at + name.length] == '='
          && Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
        return at + name.length + 1;
      }
      while (at < end && bytes[at] != ';') {
        at++;
      }
    }
    return -1;
  }
}

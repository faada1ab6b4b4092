package io.lockgate.json;

import java.util.HexFormat;

/** Quotes a text for a JSON document (RFC 8259 section 7), in ASCII whatever it holds. */
public final class JsonString {
  private static final HexFormat HEX = HexFormat.of();

  private JsonString() {}

  /** Appends the text with its quotation marks. */
  public static void append(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        out.append("\\u").append(HEX.toHexDigits(c));
      }
    }
    out.append('"');
  }
}

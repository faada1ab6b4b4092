package io.lockgate.config.hocon;

import java.util.regex.Pattern;

/** Text of a configuration shown to people: quoted, and without control characters. Pure. */
final class Quoted {
  private static final int LONGEST_SHOWN = 200;
  private static final Pattern BARE_VALUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9%._-]*");
  private static final Pattern BARE_SEGMENT = Pattern.compile("[A-Za-z0-9_-]+");

  private Quoted() {}

  /** Always in quotation marks; long text is cut, since it only has to be recognized. */
  static String inMessage(String text) {
    boolean cut = text.length() > LONGEST_SHOWN;
    return quote(cut ? text.substring(0, LONGEST_SHOWN) + "..." : text);
  }

  /** Without quotation marks, where the text is known to be harmless but for control characters. */
  static String shown(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** As it could be written in a file: in quotation marks only where they are needed. */
  static String asWritten(String text) {
    return BARE_VALUE.matcher(text).matches() ? text : quote(text);
  }

  /** A segment of a dotted path. */
  static String asSegment(String name) {
    return BARE_SEGMENT.matcher(name).matches() ? name : quote(name);
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\r') {
        out.append("\\r");
      } else if (c == '\t') {
        out.append("\\t");
      } else if (c < 0x20 || c == 0x7f) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}

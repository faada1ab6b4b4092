package io.lockgate.pki;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/** Names of subjects as text that fits header fields and log lines. */
final class DistinguishedName {
  private DistinguishedName() {}

  /**
   * By RFC 4514, with everything but plain ASCII as hex pairs (section 2.4), and so are quotation
   * marks and backslashes: a reader that knows no escapes is not led astray by them.
   */
  static String text(X500Principal name) {
    String text = name.getName(X500Principal.RFC2253);
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\\' && i < text.length() && (text.charAt(i) == '"' || text.charAt(i) == '\\')) {
        appendHex(plain, text.charAt(i));
        i++;
      } else if (c < 0x20 || c > 0x7e || c == '"') {
        appendHex(plain, c);
      } else {
        plain.append((char) c);
      }
    }
    return plain.toString();
  }

  private static void appendHex(StringBuilder text, int codePoint) {
    for (byte octet : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
      text.append(String.format(Locale.ROOT, "\\%02X", octet & 0xff));
    }
  }
}

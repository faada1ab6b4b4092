package io.lockgate.pki;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One {@code BEGIN}..{@code END} block of a PEM file (RFC 7468; headers as in RFC 1421). */
final class PemBlock {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private final String label;
  private final Map<String, String> headers;
  private final byte[] der;

  private PemBlock(String label, Map<String, String> headers, byte[] der) {
    this.label = label;
    this.headers = headers;
    this.der = der;
  }

  /** Whether the content can be PEM; what cannot is DER. */
  static boolean looksLikePem(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1).contains(BEGIN);
  }

  /** Every block of a file, in its order; text between blocks is explanatory and left out. */
  static List<PemBlock> in(Path file, byte[] content) throws CertificateFileException {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    List<PemBlock> blocks = new ArrayList<>();
    int at = text.indexOf(BEGIN);
    while (at >= 0) {
      int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
      String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
      int end = labelEnd < 0 ? -1 : text.indexOf(END + label + DASHES, labelEnd);
      if (end < 0 || text.substring(labelEnd, end).contains(BEGIN)) {
        throw malformed(file, "the block \"BEGIN " + firstLine(label) + "\" has no matching END");
      }
      blocks.add(block(file, label, text.substring(labelEnd + DASHES.length(), end)));
      at = text.indexOf(BEGIN, end + END.length());
    }
    return blocks;
  }

  String label() {
    return label;
  }

  /** Such as {@code Proc-Type} and {@code DEK-Info} of keys that old tools encrypted. */
  Map<String, String> headers() {
    return headers;
  }

  byte[] der() {
    return der;
  }

  private static PemBlock block(Path file, String label, String body)
      throws CertificateFileException {
    Map<String, String> headers = Map.of();
    String encoded = body;
    if (body.indexOf(':') >= 0) {
      headers = new LinkedHashMap<>();
      StringBuilder rest = new StringBuilder();
      for (String line : body.lines().toList()) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        } else {
          rest.append(line);
        }
      }
      encoded = rest.toString();
    }
    try {
      return new PemBlock(label, headers, Base64.getDecoder().decode(withoutSpace(encoded)));
    } catch (IllegalArgumentException e) {
      throw malformed(file, "the block \"" + label + "\" is not valid Base64");
    }
  }

  private static byte[] withoutSpace(String text) {
    byte[] kept = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ') {
        kept[length++] = (byte) c;
      }
    }
    return Arrays.copyOf(kept, length);
  }

  private static String firstLine(String label) {
    return label.lines().findFirst().orElse("");
  }

  private static CertificateFileException malformed(Path file, String reason) {
    return new CertificateFileException(
        "pem-malformed", file + ": " + reason, "the file may be cut short or damaged");
  }
}

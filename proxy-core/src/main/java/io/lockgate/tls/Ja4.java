package io.lockgate.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The JA4 fingerprint of a ClientHello, as FoxIO describes it in public: which program speaks,
 * whatever the order in which it lists things. Pure; allocates freely, so not for every handshake.
 */
public final class Ja4 {
  private static final int SERVER_NAME = 0x0000;
  private static final int ALPN = 0x0010;
  private static final int MOST_COUNTED = 99;
  private static final int HASH_LENGTH = 12;

  private Ja4() {}

  /** Such as {@code t13d1516h2_8daaf6152771_e5627efa2ab1}. */
  public static String of(ClientHello hello) {
    List<String> ciphers = codes(hello.cipherSuites());
    List<String> extensions = codes(hello.extensions());
    return "t%s%s%02d%02d%s_%s_%s"
        .formatted(
            version(hello),
            hello.extensions().contains(SERVER_NAME) ? "d" : "i",
            Math.min(MOST_COUNTED, ciphers.size()),
            Math.min(MOST_COUNTED, extensions.size()),
            protocol(hello.alpn()),
            hash(sorted(ciphers)),
            hash(extensionText(hello)));
  }

  private static String extensionText(ClientHello hello) {
    List<String> extensions =
        values(hello.extensions())
            .filter(type -> type != SERVER_NAME && type != ALPN)
            .mapToObj(Ja4::hex)
            .toList();
    if (extensions.isEmpty()) {
      return "";
    }
    String signatures = String.join(",", codes(hello.signatureAlgorithms()));
    return sorted(extensions) + (signatures.isEmpty() ? "" : "_" + signatures);
  }

  private static String version(ClientHello hello) {
    int highest = values(hello.supportedVersions()).max().orElseGet(hello::legacyVersion);
    return switch (highest) {
      case 0x0304 -> "13";
      case 0x0303 -> "12";
      case 0x0302 -> "11";
      case 0x0301 -> "10";
      case 0x0300 -> "s3";
      case 0x0002 -> "s2";
      default -> "00";
    };
  }

  /** The first and the last character of the first protocol, or of its hexadecimal form. */
  private static String protocol(List<String> alpn) {
    if (alpn.isEmpty() || alpn.get(0).isEmpty()) {
      return "00";
    }
    String first = alpn.get(0);
    char begin = first.charAt(0);
    char end = first.charAt(first.length() - 1);
    if (isAlphanumeric(begin) && isAlphanumeric(end)) {
      return "" + begin + end;
    }
    return "%x%x".formatted(begin >> 4 & 0xf, end & 0xf);
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static List<String> codes(CodePoints points) {
    return values(points).mapToObj(Ja4::hex).toList();
  }

  /** In the client's order, without what only keeps servers tolerant (RFC 8701). */
  private static IntStream values(CodePoints points) {
    return IntStream.range(0, points.size()).map(points::at).filter(v -> !CodePoints.isGrease(v));
  }

  private static String hex(int code) {
    return "%04x".formatted(code);
  }

  private static String sorted(List<String> codes) {
    return codes.stream().sorted().collect(Collectors.joining(","));
  }

  private static String hash(String text) {
    if (text.isEmpty()) {
      return "0".repeat(HASH_LENGTH);
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

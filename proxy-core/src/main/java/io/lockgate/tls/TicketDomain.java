package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The border that a session never crosses, by ticket or by id: one host, what its policy says, and
 * what it demands of clients. Everything else that resumption needs (keys, session-id contexts)
 * follows from the domain, and the domain from nothing but configuration: it is the same in every
 * process and after every restart. Pure.
 *
 * <p>The host is part of it because a TLS 1.2 server must not resume a session under another name
 * (RFC 6066 section 3), and because a client that does so in TLS 1.3 relies on a certificate that
 * this host has never shown (RFC 8446 section 4.6.1). The certificate is not: sessions outlive its
 * renewal. Nor is ALPN, which a resumed handshake negotiates anew.
 */
public final class TicketDomain {
  /** Changed with the meaning of what is digested, so that no two versions mistake each other. */
  private static final String VERSION = "lockgate ticket domain 1";

  private TicketDomain() {}

  /**
   * Hex SHA-256 over all parts. Two policies of equal content are the same, whatever their names.
   *
   * @param host label of the configured host
   * @param clientAuth what is demanded of clients, as a text that tells any two demands apart and
   *     depends on content only; empty where nothing is
   */
  public static String of(String host, TlsPolicy policy, String clientAuth) {
    MessageDigest digest = sha256();
    part(digest, VERSION);
    part(digest, host);
    part(digest, policy.minVersion().text());
    part(digest, policy.maxVersion().text());
    parts(digest, policy.ciphers12());
    parts(digest, policy.groups());
    parts(digest, policy.signatureAlgorithms().stream().sorted().toList());
    part(digest, clientAuth);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void parts(MessageDigest digest, List<String> texts) {
    digest.update((byte) texts.size());
    texts.forEach(text -> part(digest, text));
  }

  /** With its length, so that no two different lists of parts read the same. */
  private static void part(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(
        new byte[] {
          (byte) (bytes.length >> 24),
          (byte) (bytes.length >> 16),
          (byte) (bytes.length >> 8),
          (byte) bytes.length
        });
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

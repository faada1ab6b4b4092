package io.lockgate.tls;

import io.lockgate.pki.KeyKind;
import java.util.Optional;

/**
 * What a server signs its handshake with (RFC 8446 section 4.2.3), in the order in which BoringSSL
 * prefers them: of those that the client offers it takes the first that its key can do, and cannot
 * be told otherwise. SHA-1, its last resort, is missing on purpose (RFC 9155).
 */
enum SignatureAlgorithm {
  ED25519(0x0807, KeyKind.ED25519),
  ECDSA_SECP256R1_SHA256(0x0403, KeyKind.EC_P256),
  RSA_PSS_RSAE_SHA256(0x0804, KeyKind.RSA),
  RSA_PKCS1_SHA256(0x0401, KeyKind.RSA),
  ECDSA_SECP384R1_SHA384(0x0503, KeyKind.EC_P384),
  RSA_PSS_RSAE_SHA384(0x0805, KeyKind.RSA),
  RSA_PKCS1_SHA384(0x0501, KeyKind.RSA),
  ECDSA_SECP521R1_SHA512(0x0603, KeyKind.EC_P521),
  RSA_PSS_RSAE_SHA512(0x0806, KeyKind.RSA),
  RSA_PKCS1_SHA512(0x0601, KeyKind.RSA);

  private static final SignatureAlgorithm[] MOST_WANTED_FIRST = values();

  private final int code;
  private final KeyKind kind;
  private final String label;

  SignatureAlgorithm(int code, KeyKind kind) {
    this.code = code;
    this.kind = kind;
    this.label = name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The one that the library will sign with.
   *
   * @param offered the client's; without any there is none but SHA-1
   * @return empty where the key can do none of those offered
   */
  static Optional<SignatureAlgorithm> picked(CodePoints offered, KeyKind key, boolean tls13) {
    for (SignatureAlgorithm each : MOST_WANTED_FIRST) {
      if (offered.contains(each.code) && (tls13 ? each.signs13(key) : each.signs12(key))) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** In TLS 1.3 an ECDSA algorithm names its curve, and PKCS #1 signs certificates only. */
  private boolean signs13(KeyKind key) {
    return kind == key && !pkcs1();
  }

  /** In TLS 1.2 an ECDSA algorithm is a hash, whatever the curve. */
  private boolean signs12(KeyKind key) {
    return kind == key || (ecdsa(kind) && ecdsa(key));
  }

  private boolean pkcs1() {
    return this == RSA_PKCS1_SHA256 || this == RSA_PKCS1_SHA384 || this == RSA_PKCS1_SHA512;
  }

  private static boolean ecdsa(KeyKind kind) {
    return switch (kind) {
      case EC_P256, EC_P384, EC_P521 -> true;
      case ED25519, RSA -> false;
    };
  }

  /** As RFC 8446, configurations and metrics write it. */
  String label() {
    return label;
  }
}

package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.pki.KeyKind;

/** What of a client's offer remains under a policy; pure, and computed where it is asked for. */
final class OfferedTerms {
  private static final int RSA_PKCS1_SHA256 = 0x0401;
  private static final int RSA_PKCS1_SHA384 = 0x0501;
  private static final int RSA_PKCS1_SHA512 = 0x0601;
  private static final int ECDSA_P256 = 0x0403;
  private static final int ECDSA_P384 = 0x0503;
  private static final int ECDSA_P521 = 0x0603;
  private static final int RSA_PSS_SHA256 = 0x0804;
  private static final int RSA_PSS_SHA384 = 0x0805;
  private static final int RSA_PSS_SHA512 = 0x0806;
  private static final int ED25519 = 0x0807;

  private final ClientHello hello;
  private final TlsPolicy policy;

  OfferedTerms(ClientHello hello, TlsPolicy policy) {
    this.hello = hello;
    this.policy = policy;
  }

  /** Whether TLS 1.3 will be spoken: BoringSSL takes the highest version that both know. */
  boolean tls13() {
    return policy.maxVersion() == TlsVersion.TLS_1_3 && hello.offersVersion(ClientHello.TLS_1_3);
  }

  /** Whether any version is shared. */
  boolean version() {
    return tls13()
        || (policy.minVersion() == TlsVersion.TLS_1_2 && hello.offersVersion(ClientHello.TLS_1_2));
  }

  boolean cipher() {
    if (tls13()) {
      return CipherSuite.TLS_1_3.stream().anyMatch(this::offered);
    }
    return suites12().anyMatch(suite -> true);
  }

  /** Whether a group is shared, or none is needed. */
  boolean group() {
    if (tls13()) {
      return NamedGroups.anyOf(policy.groups(), hello.groups());
    }
    // RFC 8422 section 4: a client that sends no list has no preference.
    return hello.groups().isEmpty()
        || NamedGroups.anyOf(policy.groups(), hello.groups())
        || suites12().anyMatch(OfferedTerms::withoutGroup);
  }

  /** Whether the client can verify, and the version and suites let us use, a key of this kind. */
  boolean verifies(KeyKind kind) {
    return tls13() ? signed13(kind) : suited12(kind) && signed12(kind);
  }

  /** In TLS 1.3 each ECDSA algorithm names its curve (RFC 8446 section 4.2.3). */
  private boolean signed13(KeyKind kind) {
    CodePoints offered = hello.signatureAlgorithms();
    return switch (kind) {
      case EC_P256 -> offered.contains(ECDSA_P256);
      case EC_P384 -> offered.contains(ECDSA_P384);
      case EC_P521 -> offered.contains(ECDSA_P521);
      case ED25519 -> offered.contains(ED25519);
      case RSA ->
          offered.contains(RSA_PSS_SHA256)
              || offered.contains(RSA_PSS_SHA384)
              || offered.contains(RSA_PSS_SHA512);
    };
  }

  private boolean signed12(KeyKind kind) {
    CodePoints offered = hello.signatureAlgorithms();
    if (offered.isEmpty()) {
      return kind != KeyKind.ED25519;
    }
    return switch (kind) {
      case EC_P256, EC_P384, EC_P521 ->
          offered.contains(ECDSA_P256)
              || offered.contains(ECDSA_P384)
              || offered.contains(ECDSA_P521);
      case ED25519 -> offered.contains(ED25519);
      case RSA ->
          signed13(kind)
              || offered.contains(RSA_PKCS1_SHA256)
              || offered.contains(RSA_PKCS1_SHA384)
              || offered.contains(RSA_PKCS1_SHA512);
    };
  }

  /** In TLS 1.2 the suite names the kind of key, and the groups bound its curve (RFC 8422). */
  private boolean suited12(KeyKind kind) {
    if (kind == KeyKind.RSA) {
      return suites12()
          .anyMatch(
              suite ->
                  suite.authentication() == CipherSuite.Authentication.RSA || withoutGroup(suite));
    }
    return suites12().anyMatch(suite -> suite.authentication() == CipherSuite.Authentication.ECDSA)
        && curve12(kind);
  }

  private boolean curve12(KeyKind kind) {
    if (hello.groups().isEmpty()) {
      return true;
    }
    return switch (kind) {
      case EC_P256 -> hello.groups().contains(NamedGroups.P_256);
      case EC_P384 -> hello.groups().contains(NamedGroups.P_384);
      case EC_P521 -> hello.groups().contains(NamedGroups.P_521);
      case RSA, ED25519 -> true;
    };
  }

  private java.util.stream.Stream<CipherSuite> suites12() {
    return policy.ciphers12().stream()
        .flatMap(name -> CipherSuite.named(name).stream())
        .filter(this::offered);
  }

  private boolean offered(CipherSuite suite) {
    return hello.cipherSuites().contains(suite.code());
  }

  private static boolean withoutGroup(CipherSuite suite) {
    return suite.authentication() == CipherSuite.Authentication.RSA_KEY_EXCHANGE;
  }
}

package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.pki.KeyKind;
import java.util.Optional;

/** What of a client's offer remains under a policy; pure, and computed where it is asked for. */
final class OfferedTerms {
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

  /**
   * Whether the version and the suites let us use a key of this kind, and the client can verify
   * what the library will sign with it.
   */
  boolean verifies(KeyKind kind) {
    return signature(kind).isPresent() && (tls13() || suited12(kind));
  }

  /** Whether the policy permits what the library will sign with. */
  boolean permits(KeyKind kind) {
    return policy
        .signatureAlgorithms()
        .contains(signature(kind).map(SignatureAlgorithm::label).orElse(""));
  }

  /** What the library will sign with; empty where the client can verify no such key. */
  Optional<SignatureAlgorithm> signature(KeyKind kind) {
    return SignatureAlgorithm.picked(hello.signatureAlgorithms(), kind, tls13());
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

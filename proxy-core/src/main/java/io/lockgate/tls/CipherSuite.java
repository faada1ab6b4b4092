package io.lockgate.tls;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The cipher suites that BoringSSL can negotiate, by their names in the IANA registry. */
enum CipherSuite {
  TLS_AES_128_GCM_SHA256(0x1301, Authentication.ANY),
  TLS_AES_256_GCM_SHA384(0x1302, Authentication.ANY),
  TLS_CHACHA20_POLY1305_SHA256(0x1303, Authentication.ANY),
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xc02b, Authentication.ECDSA),
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(0xc02c, Authentication.ECDSA),
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(0xcca9, Authentication.ECDSA),
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA(0xc009, Authentication.ECDSA),
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA(0xc00a, Authentication.ECDSA),
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(0xc02f, Authentication.RSA),
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(0xc030, Authentication.RSA),
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xcca8, Authentication.RSA),
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256(0xc027, Authentication.RSA),
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA(0xc013, Authentication.RSA),
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA(0xc014, Authentication.RSA),
  TLS_RSA_WITH_AES_128_GCM_SHA256(0x009c, Authentication.RSA_KEY_EXCHANGE),
  TLS_RSA_WITH_AES_256_GCM_SHA384(0x009d, Authentication.RSA_KEY_EXCHANGE),
  TLS_RSA_WITH_AES_128_CBC_SHA(0x002f, Authentication.RSA_KEY_EXCHANGE),
  TLS_RSA_WITH_AES_256_CBC_SHA(0x0035, Authentication.RSA_KEY_EXCHANGE);

  /** What a suite demands of the server's key. */
  enum Authentication {
    /** TLS 1.3 settles it by signature_algorithms alone. */
    ANY,
    ECDSA,
    RSA,
    /** The key decrypts instead of signing, and no group takes part. */
    RSA_KEY_EXCHANGE
  }

  /** What every context of TLS 1.3 offers: BoringSSL has these and cannot leave one out. */
  static final List<CipherSuite> TLS_1_3 =
      List.of(TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256);

  private static final Map<String, CipherSuite> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(CipherSuite::name, Function.identity()));

  private static final Map<Integer, CipherSuite> BY_CODE =
      Stream.of(values()).collect(Collectors.toMap(CipherSuite::code, Function.identity()));

  private final int code;
  private final Authentication authentication;

  CipherSuite(int code, Authentication authentication) {
    this.code = code;
    this.authentication = authentication;
  }

  static Optional<CipherSuite> named(String iana) {
    return Optional.ofNullable(BY_NAME.get(iana));
  }

  /** The suite of a code point; empty for those that the library does not have. */
  static Optional<CipherSuite> of(int code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  int code() {
    return code;
  }

  Authentication authentication() {
    return authentication;
  }
}

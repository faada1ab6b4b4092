package io.lockgate.tls;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a client offered, in the words of the registries; code points without a name here are four
 * hexadecimal digits. Values that mean nothing (RFC 8701) are left out. For people and reports.
 */
public record Offer(
    List<String> versions,
    List<String> ciphers,
    List<String> groups,
    List<String> signatureAlgorithms,
    List<String> alpn,
    List<String> keyShares,
    String ja4) {
  private static final Map<Integer, String> VERSIONS =
      Map.of(0x0300, "SSL 3.0", 0x0301, "1.0", 0x0302, "1.1", 0x0303, "1.2", 0x0304, "1.3");

  private static final Map<Integer, String> GROUPS =
      Map.ofEntries(
          Map.entry(0x0013, "P-192"),
          Map.entry(0x0015, "P-224"),
          Map.entry(0x0017, "P-256"),
          Map.entry(0x0018, "P-384"),
          Map.entry(0x0019, "P-521"),
          Map.entry(0x001d, "X25519"),
          Map.entry(0x001e, "X448"),
          Map.entry(0x0100, "ffdhe2048"),
          Map.entry(0x0101, "ffdhe3072"),
          Map.entry(0x0102, "ffdhe4096"),
          Map.entry(0x0103, "ffdhe6144"),
          Map.entry(0x0104, "ffdhe8192"),
          Map.entry(0x11eb, "SecP256r1MLKEM768"),
          Map.entry(0x11ec, "X25519MLKEM768"),
          Map.entry(0x11ed, "SecP384r1MLKEM1024"),
          Map.entry(0x6399, "X25519Kyber768Draft00"));

  private static final Map<Integer, String> SIGNATURES =
      Map.ofEntries(
          Map.entry(0x0201, "rsa_pkcs1_sha1"),
          Map.entry(0x0203, "ecdsa_sha1"),
          Map.entry(0x0401, "rsa_pkcs1_sha256"),
          Map.entry(0x0403, "ecdsa_secp256r1_sha256"),
          Map.entry(0x0501, "rsa_pkcs1_sha384"),
          Map.entry(0x0503, "ecdsa_secp384r1_sha384"),
          Map.entry(0x0601, "rsa_pkcs1_sha512"),
          Map.entry(0x0603, "ecdsa_secp521r1_sha512"),
          Map.entry(0x0804, "rsa_pss_rsae_sha256"),
          Map.entry(0x0805, "rsa_pss_rsae_sha384"),
          Map.entry(0x0806, "rsa_pss_rsae_sha512"),
          Map.entry(0x0807, "ed25519"),
          Map.entry(0x0808, "ed448"),
          Map.entry(0x0809, "rsa_pss_pss_sha256"),
          Map.entry(0x080a, "rsa_pss_pss_sha384"),
          Map.entry(0x080b, "rsa_pss_pss_sha512"),
          Map.entry(0x0905, "mldsa65"));

  public Offer {
    versions = List.copyOf(versions);
    ciphers = List.copyOf(ciphers);
    groups = List.copyOf(groups);
    signatureAlgorithms = List.copyOf(signatureAlgorithms);
    alpn = List.copyOf(alpn);
    keyShares = List.copyOf(keyShares);
  }

  /** The offer of a hello; not for every handshake, since it allocates freely. */
  public static Offer of(ClientHello hello) {
    return new Offer(
        versions(hello),
        values(hello.cipherSuites()).mapToObj(Offer::cipher).toList(),
        named(hello.groups(), GROUPS),
        named(hello.signatureAlgorithms(), SIGNATURES),
        hello.alpn().stream().map(Offer::printable).toList(),
        named(hello.keyShares(), GROUPS),
        Ja4.of(hello));
  }

  /** The highest version first. */
  private static List<String> versions(ClientHello hello) {
    if (hello.supportedVersions().isEmpty()) {
      // Without the extension a client takes whatever is not above this.
      return List.of(VERSIONS.getOrDefault(hello.legacyVersion(), hex(hello.legacyVersion())));
    }
    return values(hello.supportedVersions())
        .boxed()
        .sorted(java.util.Comparator.reverseOrder())
        .map(code -> VERSIONS.getOrDefault(code, hex(code)))
        .toList();
  }

  private static String cipher(int code) {
    Optional<CipherSuite> suite = CipherSuite.of(code);
    return suite.map(CipherSuite::name).orElseGet(() -> hex(code));
  }

  private static List<String> named(CodePoints points, Map<Integer, String> names) {
    return values(points).mapToObj(code -> names.getOrDefault(code, hex(code))).toList();
  }

  private static IntStream values(CodePoints points) {
    return IntStream.range(0, points.size()).map(points::at).filter(v -> !CodePoints.isGrease(v));
  }

  private static String hex(int code) {
    return "%04x".formatted(code);
  }

  private static String printable(String protocol) {
    return protocol.replaceAll("[^!-~]", "?");
  }
}

package io.lockgate.config.hocon;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code tls-policies} on top of the built-in ones. */
final class PolicyReader {
  private static final List<String> GROUPS = List.of("X25519MLKEM768", "X25519", "P-256", "P-384");

  /** By their names in RFC 8446 section 4.2.3. */
  static final List<String> SIGNATURES =
      List.of(
          "ecdsa_secp256r1_sha256",
          "ecdsa_secp384r1_sha384",
          "ecdsa_secp521r1_sha512",
          "ed25519",
          "rsa_pss_rsae_sha256",
          "rsa_pss_rsae_sha384",
          "rsa_pss_rsae_sha512",
          "rsa_pkcs1_sha256",
          "rsa_pkcs1_sha384",
          "rsa_pkcs1_sha512");

  static final Map<String, TlsPolicy> BUILT_IN =
      Map.of(
          "modern",
          new TlsPolicy(
              "modern",
              TlsVersion.TLS_1_3,
              TlsVersion.TLS_1_3,
              List.of(),
              GROUPS,
              // TLS 1.3 knows PKCS #1 in certificates only.
              Set.copyOf(SIGNATURES.subList(0, 7)),
              Set.of()),
          "intermediate",
          new TlsPolicy(
              "intermediate",
              TlsVersion.TLS_1_2,
              TlsVersion.TLS_1_3,
              List.of(
                  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
              GROUPS,
              Set.copyOf(SIGNATURES),
              Set.of()));

  /** Code and sentence for a list that must not be empty. */
  private static final Map<String, List<String>> EMPTY =
      Map.of(
          "groups", List.of("groups", "without a group there is no key exchange"),
          "signature-algorithms", List.of("signatures", "a handshake has to be signed"),
          "alpn", List.of("protocols", "no protocol is left to speak"));

  private final Reading reading;
  private final Map<String, Block> blocks;
  private final Map<String, TlsPolicy> policies = new HashMap<>(BUILT_IN);
  private final Set<String> beingRead = new LinkedHashSet<>();

  PolicyReader(Reading reading, Block root) {
    this.reading = reading;
    this.blocks = root.blocks("tls-policies");
  }

  Map<String, TlsPolicy> read() {
    blocks.forEach(
        (name, block) -> {
          if (BUILT_IN.containsKey(name)) {
            reading.error(
                "reserved-name",
                block,
                "the TLS policy \"" + name + "\" is built in and cannot be changed",
                "give yours another name and base = " + name);
          } else {
            policy(name);
          }
        });
    return Map.copyOf(policies);
  }

  private TlsPolicy policy(String name) {
    TlsPolicy known = policies.get(name);
    if (known != null) {
      return known;
    }
    beingRead.add(name);
    TlsPolicy policy = policy(name, blocks.get(name));
    beingRead.remove(name);
    policies.put(name, policy);
    return policy;
  }

  private TlsPolicy policy(String name, Block block) {
    TlsPolicy base = base(name, block);
    TlsVersion least = version(block, "min-version", base.minVersion());
    TlsVersion most = version(block, "max-version", base.maxVersion());
    if (least.compareTo(most) > 0) {
      String key = block.has("min-version") ? "min-version" : "max-version";
      reading.error(
          "version-order",
          block.pathOf(key),
          block.originOf(key),
          "TLS policy \""
              + name
              + "\": min-version "
              + least.text()
              + " is above max-version "
              + most.text(),
          "what is left out comes from the policy \"" + base.name() + "\"");
      least = most;
    }
    List<String> ciphers = list(block, "ciphers-1-2", base.ciphers12());
    if (least == TlsVersion.TLS_1_2 && ciphers.isEmpty() && clean(block, "ciphers-1-2")) {
      reading.error(
          "no-ciphers",
          block.pathOf("ciphers-1-2"),
          block.originOf("ciphers-1-2"),
          "TLS policy \"" + name + "\" allows TLS 1.2 but has no cipher for it",
          "set ciphers-1-2, or base = intermediate");
    }
    return new TlsPolicy(
        name,
        least,
        most,
        ciphers,
        list(block, "groups", base.groups()),
        Set.copyOf(signatures(name, block, base, least)),
        Set.copyOf(list(block, "alpn", base.alpn().stream().sorted().toList())));
  }

  private List<String> signatures(String name, Block block, TlsPolicy base, TlsVersion least) {
    List<String> known = SIGNATURES.stream().filter(base.signatureAlgorithms()::contains).toList();
    List<String> signatures = list(block, "signature-algorithms", known);
    boolean useless =
        least == TlsVersion.TLS_1_3
            && signatures.stream().allMatch(signature -> signature.startsWith("rsa_pkcs1_"));
    if (!signatures.isEmpty() && useless) {
      reading.error(
          "no-signatures",
          block.pathOf("signature-algorithms"),
          block.originOf("signature-algorithms"),
          "TLS policy \"" + name + "\": TLS 1.3 signs no handshake with PKCS #1",
          "add rsa_pss_rsae_sha256 or ecdsa_secp256r1_sha256");
    }
    return signatures;
  }

  private TlsPolicy base(String name, Block block) {
    String base = block.text("base");
    TlsPolicy fallback = BUILT_IN.get("intermediate");
    if (beingRead.contains(base)) {
      reading.error(
          "policy-cycle",
          block.pathOf("base"),
          block.originOf("base"),
          "TLS policy \""
              + name
              + "\" is based on itself: "
              + String.join(" -> ", beingRead)
              + " -> "
              + base,
          "base one of them on modern or intermediate");
      return fallback;
    }
    if (blocks.containsKey(base) || BUILT_IN.containsKey(base)) {
      return policy(base);
    }
    checkPolicy(reading, block, "base", "TLS policy \"" + name + "\" is based on policy", blocks);
    return fallback;
  }

  /** Reports a policy's name that is neither built in nor defined. */
  static void checkPolicy(
      Reading reading, Block block, String key, String sentence, Map<String, Block> defined) {
    Optional<String> name = block.maybeText(key);
    if (name.isEmpty() || BUILT_IN.containsKey(name.get())) {
      return;
    }
    Map<String, Node> known = new HashMap<>(defined);
    BUILT_IN.forEach((builtIn, policy) -> known.put(builtIn, Reading.builtIn(builtIn)));
    reading.checkReference("unknown-tls-policy", block.node(key), name.get(), sentence, known);
  }

  private TlsVersion version(Block block, String key, TlsVersion base) {
    Optional<String> text = block.maybeText(key);
    if (text.isEmpty()) {
      reading.derive(block.pathOf(key), base.text());
      return base;
    }
    return text.get().equals("1.2") ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
  }

  private List<String> list(Block block, String key, List<String> base) {
    if (!block.hasUsable(key)) {
      reading.derive(
          block.pathOf(key),
          base.stream().map(Quoted::asWritten).collect(Collectors.joining(", ", "[", "]")));
      return base;
    }
    List<String> values = block.list(key, String.class);
    if (Set.copyOf(values).size() < values.size()) {
      reading.error(
          "duplicate-value",
          block.pathOf(key),
          block.originOf(key),
          block.pathOf(key) + ": a value stands twice",
          "");
    }
    if (values.isEmpty() && !key.equals("ciphers-1-2") && clean(block, key)) {
      reading.error(
          "no-" + EMPTY.get(key).get(0),
          block.pathOf(key),
          block.originOf(key),
          block.pathOf(key) + ": " + EMPTY.get(key).get(1),
          "leave the key out to have those of the base policy");
    }
    return values;
  }

  /** Whether an empty list is what was meant, and not what is left of a wrong one. */
  private static boolean clean(Block block, String key) {
    return block.items(key).isEmpty();
  }
}

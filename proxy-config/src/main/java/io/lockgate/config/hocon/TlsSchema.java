package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.DURATION;
import static io.lockgate.config.hocon.ValueTypes.FILE;
import static io.lockgate.config.hocon.ValueTypes.SWITCH;
import static io.lockgate.config.hocon.ValueTypes.TEXT;
import static io.lockgate.config.hocon.ValueTypes.choice;
import static io.lockgate.config.hocon.ValueTypes.integer;

import io.lockgate.config.hocon.Shape.ListOf;
import io.lockgate.config.hocon.Shape.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;

/** The keys of TLS policies, TLS settings and certificates. */
final class TlsSchema {
  private static final ValueType KEY =
      new ValueType("path", text -> FILE.parse(text.startsWith("pkcs11:") ? "pkcs11" : text));

  static final Section POLICY =
      Section.of(
          Key.of("base", new Scalar(TEXT), "The policy from which everything left out comes.")
              .or("intermediate"),
          Key.of("min-version", new Scalar(choice("1.2", "1.3")), "Oldest version of TLS.")
              .noting("from base"),
          Key.of("max-version", new Scalar(choice("1.2", "1.3")), "Newest version of TLS.")
              .noting("from base"),
          Key.of(
                  "ciphers-1-2",
                  new ListOf(new Scalar(choice("unknown-cipher", "cipher suite", ciphers()))),
                  "Cipher suites of TLS 1.2, most wanted first, by their IANA or OpenSSL names."
                      + " Those of TLS 1.3 are not chosen.")
              .noting("from base"),
          Key.of(
                  "groups",
                  new ListOf(new Scalar(choice("unknown-group", "group", groups()))),
                  "Groups for the key exchange, most wanted first.")
              .noting("from base"),
          Key.of(
                  "signature-algorithms",
                  new ListOf(
                      new Scalar(
                          choice(
                              "unknown-signature-algorithm",
                              "signature algorithm",
                              signatureAlgorithms()))),
                  "What handshakes may be signed with, by the names of RFC 8446. Their order means"
                      + " nothing.")
              .noting("from base"),
          Key.of(
                  "alpn",
                  new ListOf(new Scalar(choice("h2", "http/1.1"))),
                  "Protocols offered, of those that the listener speaks.")
              .noting("from base: all of them"));

  static final Section CERTIFICATE =
      Section.of(
          Key.of(
              "chain",
              new Scalar(FILE),
              "The certificate and its intermediates: PEM, or PKCS#12 where the name ends in .p12"
                  + " or .pfx."),
          Key.of(
                  "key",
                  new Scalar(KEY),
                  "The private key, PEM; or pkcs11:... for a key in a hardware module.")
              .noting("in the file of the chain"),
          Key.of(
              "password-env",
              new Scalar(TEXT),
              "The environment variable that holds the password of an encrypted key or PKCS#12"
                  + " file."),
          Key.of(
              "directory",
              new Scalar(FILE),
              "Instead of chain: a directory with NAME.pem and NAME.key, or both in NAME.pem."),
          Key.of(
              "local-ca",
              new Scalar(FILE),
              "Instead of chain: a directory for a CA of our own, made once, for development."),
          Key.of(
              "acme",
              new Scalar(TEXT),
              "Instead of chain: the ACME service to get the certificate from."),
          Key.of(
                  "names",
                  new ListOf(new Scalar(NetworkTypes.HOST_NAME)),
                  "With local-ca and acme: the names in the certificate.")
              .or(),
          Key.of("owner", new Scalar(TEXT), "Who to ask about it; shown in the inventory."),
          Key.of(
                  "staple",
                  new Scalar(choice("off", "prefer", "require")),
                  "OCSP stapling for this certificate.")
              .noting("as in tls.ocsp"));

  static final Section TLS =
      Section.of(
          Key.of("policy", new Scalar(TEXT), "The TLS policy of hosts that name none.")
              .or("intermediate"),
          Key.of(
                  "handshake-timeout",
                  new Scalar(DURATION),
                  "From accepting a connection to the end of its handshake.")
              .or("10s"),
          Key.section("tickets", tickets(), "Session tickets, with which clients resume."),
          Key.section(
              "session-cache",
              Section.of(
                  Key.of("size", new Scalar(integer(0, Schema.ANY)), "Sessions kept.").or("20000"),
                  Key.of("lifetime", new Scalar(DURATION), "How long one can be resumed.")
                      .or("1h")),
              "TLS 1.2 session ids."),
          Key.section("ocsp", ocsp(), "Stapled proof that a certificate is not revoked."),
          Key.of(
                  "certificate-compression",
                  new Scalar(SWITCH),
                  "Compress the certificate chain for clients that can (RFC 8879).")
              .or("on"),
          Key.of(
                  "system-openssl",
                  new Scalar(SWITCH),
                  "Sign with RSA keys of 2048 bits in the system's libcrypto.so.3 where the processor"
                      + " has AVX-512 IFMA, which takes half the time.")
              .or("on"),
          Key.of(
                  "unknown-host",
                  new Scalar(TEXT),
                  "When SNI names a host that none of ours covers: reject (alert"
                      + " unrecognized_name), or the name of the host to serve. That host then"
                      + " also serves requests for hosts that nobody has.")
              .or("reject"),
          Key.of("missing-sni", new Scalar(TEXT), "The same choice for clients without SNI.")
              .or("reject"),
          Key.section(
              "contexts",
              Section.of(
                  Key.of(
                          "max-cached",
                          new Scalar(integer(1, 10_000_000)),
                          "How many are kept; least recently used go first.")
                      .or("10000")),
              "What TLS needs for each certificate, built on first use."));

  private TlsSchema() {}

  private static Section tickets() {
    return Section.of(
        Key.of("enabled", new Scalar(SWITCH), "Whether tickets are given out.").or("on"),
        Key.of("rotate-every", new Scalar(DURATION), "How long a key encrypts new tickets.")
            .or("12h"),
        Key.of(
                "accept-previous",
                new Scalar(integer(0, 16)),
                "How many former keys still open tickets.")
            .or("2"),
        Key.of(
            "keys-directory",
            new Scalar(FILE),
            "A directory shares random keys among the processes of a machine or a shared volume."
                + " Without it and keys-seed they never leave the process."),
        Key.of(
            "keys-seed",
            Section.of(
                Key.of("file", new Scalar(FILE), "The file that holds the seed."),
                Key.of("env", new Scalar(TEXT), "Or the environment variable that does.")),
            "A seed of at least 32 random bytes, from which and from the time every process of a"
                + " fleet derives the same keys."));
  }

  private static Section ocsp() {
    return Section.of(
        Key.of(
                "staple",
                new Scalar(choice("off", "prefer", "require")),
                "prefer staples when there is a response, require refuses to serve without.")
            .or("prefer"),
        Key.of(
                "refresh-at",
                new Scalar(ValueTypes.percent(1, 100)),
                "Share of a response's life after which it is fetched again.")
            .or("50%"),
        Key.of("cache-directory", new Scalar(FILE), "Keeps responses over a restart.")
            .or("var/ocsp"),
        Key.of("timeout", new Scalar(DURATION), "For asking the responder.").or("10s"));
  }

  /** Forward secrecy and AEAD only (RFC 9325 section 4.2). */
  private static Map<String, String> ciphers() {
    Map<String, String> canonical = new LinkedHashMap<>();
    String[] authentications = {"ECDSA", "RSA"};
    String[][] encryptions = {
      {"AES_128_GCM_SHA256", "AES128-GCM-SHA256"},
      {"AES_256_GCM_SHA384", "AES256-GCM-SHA384"},
      {"CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305"},
    };
    for (String[] encryption : encryptions) {
      for (String authentication : authentications) {
        String iana = "TLS_ECDHE_" + authentication + "_WITH_" + encryption[0];
        canonical.put(iana, iana);
        canonical.put("ECDHE-" + authentication + "-" + encryption[1], iana);
      }
    }
    return canonical;
  }

  /** Without SHA-1 (RFC 9155). */
  private static Map<String, String> signatureAlgorithms() {
    Map<String, String> canonical = new LinkedHashMap<>();
    PolicyReader.SIGNATURES.forEach(name -> canonical.put(name, name));
    return canonical;
  }

  private static Map<String, String> groups() {
    Map<String, String> canonical = new LinkedHashMap<>();
    for (String group : new String[] {"X25519MLKEM768", "X25519", "P-256", "P-384"}) {
      canonical.put(group, group);
    }
    canonical.put("x25519", "X25519");
    canonical.put("secp256r1", "P-256");
    canonical.put("prime256v1", "P-256");
    canonical.put("secp384r1", "P-384");
    return canonical;
  }
}

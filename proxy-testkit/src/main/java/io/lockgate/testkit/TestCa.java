package io.lockgate.testkit;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority made on the fly: roots, intermediates, and leaves of every kind that a
 * test may need. Nothing is cached, so two authorities of one name never share a key.
 *
 * <p>Safe for use by many threads. For tests only: keys stand in memory unprotected.
 */
public final class TestCa {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyPair keys;
  private final TestKey kind;
  private final List<X509Certificate> chain;

  private TestCa(KeyPair keys, TestKey kind, List<X509Certificate> chain) {
    this.keys = keys;
    this.kind = kind;
    this.chain = List.copyOf(chain);
  }

  /** A self-signed EC P-256 root. */
  public static TestCa root() {
    return root("Test Root CA", TestKey.EC_P256);
  }

  /** A self-signed root with the given common name. */
  public static TestCa root(String commonName, TestKey kind) {
    KeyPair keys = kind.generate();
    X509Certificate certificate =
        new TestLeaf(null, List.of())
            .commonName(commonName)
            .authority()
            .lasting(Duration.ofDays(3650))
            .certify(keys, keys.getPrivate(), kind.signatureAlgorithm(), "CN=" + commonName);
    return new TestCa(keys, kind, List.of(certificate));
  }

  /** An EC P-256 authority below this one. */
  public TestCa intermediate(String commonName) {
    return intermediate(commonName, TestKey.EC_P256);
  }

  /** An authority below this one. */
  public TestCa intermediate(String commonName, TestKey keyKind) {
    TestIdentity issued =
        new TestLeaf(this, List.of())
            .key(keyKind)
            .commonName(commonName)
            .authority()
            .lasting(Duration.ofDays(1825))
            .issue();
    List<X509Certificate> below = new ArrayList<>(List.of(issued.leaf()));
    below.addAll(chain);
    return new TestCa(new KeyPair(issued.leaf().getPublicKey(), issued.key()), keyKind, below);
  }

  /**
   * An EC P-256 server certificate, valid since yesterday, for 90 days.
   *
   * @param names DNS names, IP literals, mailboxes and URIs, told apart by their form
   */
  public TestIdentity issue(String... names) {
    return leaf(names).issue();
  }

  /** The same as {@link #issue}, but to be changed before it is issued. */
  public TestLeaf leaf(String... names) {
    return new TestLeaf(this, List.of(names));
  }

  /** A certificate that signs itself. */
  public static TestLeaf selfSigned(String... names) {
    return new TestLeaf(null, List.of(names));
  }

  /** The authority's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** The root at the end of this authority's chain. */
  public X509Certificate rootCertificate() {
    return chain.get(chain.size() - 1);
  }

  /** The root as PEM: what a client has to trust. */
  public String rootPem() {
    return TestPem.certificates(List.of(rootCertificate()));
  }

  /** Writes the root as PEM and returns the file. */
  public Path writeRoot(Path file) {
    return TestPem.write(file, rootPem());
  }

  /** The authority with its own key, as if it were a server's certificate. */
  public TestIdentity identity() {
    return new TestIdentity(withoutRoot(), keys.getPrivate());
  }

  /** A list of revoked certificates, to be replaced tomorrow. */
  public TestCrl revoking(X509Certificate... certificates) {
    return new TestCrl(this, List.of(certificates));
  }

  KeyPair keys() {
    return keys;
  }

  String signatureAlgorithm() {
    return kind.signatureAlgorithm();
  }

  /** Authorities from this one upwards, as a server would send them: without the root. */
  List<X509Certificate> withoutRoot() {
    return chain.size() == 1 ? List.of() : chain.subList(0, chain.size() - 1);
  }

  static BigInteger randomSerial() {
    return new BigInteger(120, RANDOM).setBit(120);
  }

  static Instant yesterday() {
    return Instant.now().minus(Duration.ofDays(1));
  }
}

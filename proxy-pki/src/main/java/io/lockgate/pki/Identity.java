package io.lockgate.pki;

import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A certificate chain with its private key: what a server shows and proves in a handshake. Two are
 * equal if their {@link #digest} is, whatever files they were read from.
 *
 * <p>There may be a hundred thousand, most of them cold. So an identity holds encodings, shares its
 * issuers with others, and parses on demand, which takes some tens of microseconds: whoever serves
 * it keeps the result. Immutable; no method touches a file or blocks.
 */
public final class Identity {
  private final byte[] leaf;
  private final long notBeforeSeconds;
  private final long notAfterSeconds;
  private final List<Issuer> issuers;
  private final Pkcs8 key;
  private final String digest;
  private final SubjectNames names;
  private final boolean mustStaple;

  /** Empty where there is none; the same few addresses stand in all leaves of an authority. */
  private final String ocspAddress;

  Identity(EncodedCertificate leaf, List<Issuer> issuers, Pkcs8 key, SubjectNames names) {
    this.leaf = leaf.der();
    this.notBeforeSeconds = leaf.notBefore().getEpochSecond();
    this.notAfterSeconds = leaf.notAfter().getEpochSecond();
    this.issuers = issuers;
    this.key = key;
    this.digest = digest(leaf, issuers);
    this.names = names;
    this.mustStaple = Extensions.mustStaple(leaf);
    this.ocspAddress = Extensions.ocspAddress(leaf).map(String::intern).orElse("");
  }

  /**
   * An identity of what is at hand already.
   *
   * @param chain leaf first
   * @throws IllegalArgumentException if the key is not the leaf's, or of a kind not known
   */
  public static Identity of(List<X509Certificate> chain, PrivateKey key) {
    try {
      Pkcs8 encoded = Pkcs8.of(key.getEncoded());
      EncodedCertificate leaf = EncodedCertificate.of(chain.get(0).getEncoded());
      if (!KeyMatch.matches(encoded, leaf.publicKey())) {
        throw new IllegalArgumentException("the key does not belong to the certificate");
      }
      IssuerPool pool = new IssuerPool();
      List<Issuer> issuers = new ArrayList<>();
      for (X509Certificate issuer : chain.subList(1, chain.size())) {
        issuers.add(pool.issuer(issuer.getEncoded()));
      }
      return new Identity(leaf, List.copyOf(issuers), encoded, SubjectNames.of(leaf));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Hex SHA-256 over the chain, and so over the public key. */
  public String digest() {
    return digest;
  }

  /**
   * The chain, leaf first, parsed anew at each call.
   *
   * @throws IllegalStateException if the JDK cannot read a detail of the leaf
   */
  public List<X509Certificate> chain() {
    List<X509Certificate> chain = new ArrayList<>(issuers.size() + 1);
    chain.add(leaf());
    issuers.forEach(issuer -> chain.add(issuer.parsed()));
    return List.copyOf(chain);
  }

  /** The encodings of the chain, leaf first; not copied, so they must not be changed. */
  public List<byte[]> encodedChain() {
    List<byte[]> chain = new ArrayList<>(issuers.size() + 1);
    chain.add(leaf);
    issuers.forEach(issuer -> chain.add(issuer.encoded().der()));
    return chain;
  }

  /**
   * The leaf alone, parsed anew at each call.
   *
   * @throws IllegalStateException if the JDK cannot read a detail of it
   */
  public X509Certificate leaf() {
    try {
      return parsedLeaf();
    } catch (CertificateException e) {
      throw new IllegalStateException("the JDK cannot read the certificate " + this, e);
    }
  }

  X509Certificate parsedLeaf() throws CertificateException {
    return EncodedCertificate.parse(leaf);
  }

  /** The private key, parsed anew at each call. */
  public PrivateKey key() {
    try {
      return parseKey(key);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a key that was read before cannot be read again", e);
    }
  }

  public KeyKind keyKind() {
    return key.kind();
  }

  /** DNS names of the subject alternative name extension in lower case, wildcards included. */
  public List<String> dnsNames() {
    return names.dns();
  }

  /** IP addresses of the subject alternative name extension. */
  public List<InetAddress> addresses() {
    return names.addresses();
  }

  public Instant notBefore() {
    return Instant.ofEpochSecond(notBeforeSeconds);
  }

  public Instant notAfter() {
    return Instant.ofEpochSecond(notAfterSeconds);
  }

  /** Whether clients are told to expect an OCSP staple (RFC 7633). */
  public boolean mustStaple() {
    return mustStaple;
  }

  /**
   * Where the status of the leaf can be asked for (RFC 5280 section 4.2.2.1); http and https only.
   */
  public Optional<String> ocspAddress() {
    return ocspAddress.isEmpty() ? Optional.empty() : Optional.of(ocspAddress);
  }

  /** Whether the chain holds the certificate that issued the leaf. */
  public boolean issuerKnown() {
    return !issuers.isEmpty();
  }

  SubjectNames names() {
    return names;
  }

  List<Issuer> issuers() {
    return issuers;
  }

  static PrivateKey parseKey(Pkcs8 key) throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance(key.kind().algorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(key.encoded()));
    } catch (InvalidKeySpecException e) {
      throw new InvalidKeySpecException("the key's encoding is damaged", e);
    }
  }

  static String digest(EncodedCertificate leaf, List<Issuer> issuers) {
    MessageDigest sha256 = Sha256.digest();
    sha256.update(leaf.der());
    issuers.forEach(issuer -> sha256.update(issuer.digest()));
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Identity that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "Identity[" + String.join(",", names.dns()) + " " + digest.substring(0, 12) + "]";
  }
}

package io.lockgate.pki;

import io.lockgate.config.model.AllowRule;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Who a client is, by the certificate it was accepted with. Only {@link ClientVerifier} makes one.
 * Lives as long as the client's connection, so it holds encodings and no parsed certificates.
 * Immutable.
 */
public final class ClientIdentity {
  private final String subject;
  private final AllowRule.Names names;
  private final List<String> uris;
  private final List<Link> path;
  private final List<byte[]> encodings;

  private ClientIdentity(
      AllowRule.Names names, List<String> uris, List<Link> path, List<byte[]> encodings) {
    this.subject = DistinguishedName.text(names.subject());
    this.names = names;
    this.uris = List.copyOf(uris);
    this.path = List.copyOf(path);
    this.encodings = List.copyOf(encodings);
  }

  /**
   * @param path from the client's certificate towards the one that is trusted, without that
   */
  static ClientIdentity of(List<X509Certificate> path) {
    X509Certificate leaf = path.get(0);
    ClientNames found = ClientNames.of(leaf);
    List<Link> links = new ArrayList<>(path.size());
    List<byte[]> encodings = new ArrayList<>(path.size());
    for (X509Certificate certificate : path) {
      links.add(Link.of(certificate));
      encodings.add(encoded(certificate));
    }
    AllowRule.Names names =
        new AllowRule.Names(
            found.spiffeId(),
            found.dns(),
            found.emails(),
            leaf.getSubjectX500Principal(),
            sha256(encodings.get(0)));
    return new ClientIdentity(names, found.uris(), links, encodings);
  }

  /** The distinguished name (RFC 4514) in ASCII. */
  public String subject() {
    return subject;
  }

  /** SHA-256 of the certificate, in lower-case hex. */
  public String fingerprint() {
    return names.fingerprint();
  }

  /** Lower-case hex. */
  public String serial() {
    return path.get(0).serial.toString(16);
  }

  public String issuer() {
    return DistinguishedName.text(path.get(0).issuer);
  }

  public Optional<String> spiffeId() {
    return names.spiffeId();
  }

  public List<String> dnsNames() {
    return names.dns();
  }

  public List<String> emails() {
    return names.emails();
  }

  public List<String> uris() {
    return uris;
  }

  /** DER of the certificate. */
  public byte[] encoded() {
    return encodings.get(0).clone();
  }

  /** DER of the intermediates that the client showed, from its own issuer upwards. */
  public List<byte[]> encodedIssuers() {
    return encodings.stream().skip(1).map(byte[]::clone).toList();
  }

  AllowRule.Names names() {
    return names;
  }

  List<Link> path() {
    return path;
  }

  @Override
  public String toString() {
    return "ClientIdentity[" + subject + " " + names.fingerprint() + "]";
  }

  /** What can change about a certificate while it is in use: its end comes, or it is revoked. */
  record Link(X500Principal issuer, BigInteger serial, Instant notBefore, Instant notAfter) {
    static Link of(X509Certificate certificate) {
      return new Link(
          certificate.getIssuerX500Principal(),
          certificate.getSerialNumber(),
          certificate.getNotBefore().toInstant(),
          certificate.getNotAfter().toInstant());
    }
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new AssertionError("a certificate that was decoded cannot be encoded", e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

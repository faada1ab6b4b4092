package io.lockgate.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Authorities whose word about clients is taken. Two are equal if they hold the same certificates,
 * whatever files they were read from. Immutable; any number of threads and hosts share one.
 */
public final class TrustBundle {
  private final List<X509Certificate> certificates;
  private final Set<TrustAnchor> anchors = new HashSet<>();
  private final Map<X500Principal, List<X509Certificate>> bySubject = new HashMap<>();
  private final String digest;

  private TrustBundle(Map<String, X509Certificate> byFingerprint) {
    this.certificates = List.copyOf(byFingerprint.values());
    for (X509Certificate certificate : certificates) {
      anchors.add(new TrustAnchor(certificate, null));
      bySubject
          .computeIfAbsent(certificate.getSubjectX500Principal(), unseen -> new ArrayList<>(1))
          .add(certificate);
    }
    this.digest =
        ClientIdentity.sha256(
            String.join(",", byFingerprint.keySet().stream().sorted().toList())
                .getBytes(StandardCharsets.US_ASCII));
  }

  public static TrustBundle of(List<X509Certificate> certificates) {
    Map<String, X509Certificate> byFingerprint = new LinkedHashMap<>();
    for (X509Certificate certificate : certificates) {
      byFingerprint.put(ClientIdentity.sha256(ClientIdentity.encoded(certificate)), certificate);
    }
    return new TrustBundle(byFingerprint);
  }

  /** The certificates of a PEM file, or one in DER. */
  static List<X509Certificate> parse(Path file, byte[] content) throws CertificateFileException {
    List<X509Certificate> certificates = new ArrayList<>();
    if (PemBlock.looksLikePem(content)) {
      for (PemBlock block : PemBlock.in(file, content)) {
        if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
          certificates.add(certificate(file, block.der()));
        }
      }
    } else {
      certificates.add(certificate(file, content));
    }
    if (certificates.isEmpty()) {
      throw new CertificateFileException(
          "no-certificate",
          file + ": the file holds no certificate",
          "it has to hold the authorities' certificates as PEM");
    }
    return certificates;
  }

  /** Hex SHA-256 over the certificates, whatever their order. */
  public String digest() {
    return digest;
  }

  /** Each once, in the order of the files. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /** What a careful operator would like to know. */
  List<Finding> lint(Instant now) {
    List<Finding> findings = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      String name = '"' + DistinguishedName.text(certificate.getSubjectX500Principal()) + '"';
      if (now.isAfter(certificate.getNotAfter().toInstant())) {
        findings.add(
            Finding.warning(
                "trust-expired",
                "the authority "
                    + name
                    + " expired at "
                    + certificate.getNotAfter().toInstant()
                    + ": its clients are refused",
                "take it out, and add its successor"));
      }
      if (certificate.getBasicConstraints() < 0) {
        findings.add(
            Finding.warning(
                "trust-not-authority",
                name + " is no authority: only this one certificate is trusted by it",
                "trust has to hold the certificate of whoever issues those of clients"));
      }
    }
    return findings;
  }

  Set<TrustAnchor> anchors() {
    return anchors;
  }

  boolean holds(X509Certificate certificate) {
    return bySubject
        .getOrDefault(certificate.getSubjectX500Principal(), List.of())
        .contains(certificate);
  }

  boolean names(X500Principal subject) {
    return bySubject.containsKey(subject);
  }

  /** Authorities of a name: more than one while a new key takes over. */
  List<X509Certificate> named(X500Principal subject) {
    return bySubject.getOrDefault(subject, List.of());
  }

  /** The names that clients are told, each once. */
  public List<X500Principal> subjects() {
    return bySubject.keySet().stream()
        .sorted(Comparator.comparing(X500Principal::getName))
        .toList();
  }

  private static X509Certificate certificate(Path file, byte[] der)
      throws CertificateFileException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new CertificateFileException(
          "certificate-malformed",
          file + ": a certificate in the file cannot be read: " + e.getMessage(),
          "the file may be cut short or damaged");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrustBundle that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "TrustBundle[" + certificates.size() + " " + digest.substring(0, 12) + "]";
  }
}

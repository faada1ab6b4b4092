package io.lockgate.pki;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * A list of revoked certificates whose signature was checked (RFC 5280 section 5). A certificate
 * that stands in it is revoked whether or not the list is overdue; see {@link RevocationLists}.
 * Immutable.
 */
final class RevocationList {
  private static final String DELTA_INDICATOR = "2.5.29.27";
  private static final int CRL_SIGN = 6;

  private final X500Principal issuer;
  private final Instant thisUpdate;
  private final Optional<Instant> nextUpdate;
  private final Map<X500Principal, Set<BigInteger>> revoked = new HashMap<>();
  private final String digest;

  private RevocationList(X509CRL crl) throws CRLException {
    this.issuer = crl.getIssuerX500Principal();
    this.thisUpdate = crl.getThisUpdate().toInstant();
    this.nextUpdate = Optional.ofNullable(crl.getNextUpdate()).map(java.util.Date::toInstant);
    this.digest = ClientIdentity.sha256(crl.getEncoded());
    Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
    for (X509CRLEntry entry : entries == null ? Set.<X509CRLEntry>of() : entries) {
      X500Principal of =
          entry.getCertificateIssuer() == null ? issuer : entry.getCertificateIssuer();
      revoked.computeIfAbsent(of, unseen -> new HashSet<>()).add(entry.getSerialNumber());
    }
  }

  /** The lists of a file, PEM or DER, signatures not looked at yet. */
  static List<X509CRL> parse(Path file, byte[] content) throws CertificateFileException {
    List<X509CRL> lists = new ArrayList<>();
    if (PemBlock.looksLikePem(content)) {
      for (PemBlock block : PemBlock.in(file, content)) {
        if (block.label().equals("X509 CRL")) {
          lists.add(crl(file, block.der()));
        }
      }
    } else {
      lists.add(crl(file, content));
    }
    if (lists.isEmpty()) {
      throw new CertificateFileException(
          "no-crl",
          file + ": the file holds no revocation list",
          "PEM blocks begin with \"BEGIN X509 CRL\"; DER is taken as well");
    }
    return lists;
  }

  /**
   * @throws CertificateFileException if no authority of the bundle has signed the list
   */
  static RevocationList checked(Path file, X509CRL crl, TrustBundle trust)
      throws CertificateFileException {
    if (crl.getExtensionValue(DELTA_INDICATOR) != null) {
      throw new CertificateFileException(
          "crl-delta", file + ": the list holds changes only (a delta CRL)", "give the whole list");
    }
    String issuer = '"' + DistinguishedName.text(crl.getIssuerX500Principal()) + '"';
    List<X509Certificate> signers = trust.named(crl.getIssuerX500Principal());
    if (signers.isEmpty()) {
      throw new CertificateFileException(
          "crl-untrusted",
          file + ": the list is issued by " + issuer + ", which is not in trust",
          "add the certificate of that authority to trust");
    }
    if (signers.stream().noneMatch(signer -> signed(crl, signer))) {
      throw new CertificateFileException(
          "crl-untrusted",
          file + ": the list names " + issuer + " as its issuer, but is not signed by it",
          "have the authority's present list fetched anew");
    }
    try {
      return new RevocationList(crl);
    } catch (CRLException e) {
      throw malformed(file, e);
    }
  }

  private static boolean signed(X509CRL crl, X509Certificate signer) {
    boolean[] usage = signer.getKeyUsage();
    if (usage != null && !usage[CRL_SIGN]) {
      return false;
    }
    try {
      crl.verify(signer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  X500Principal issuer() {
    return issuer;
  }

  Optional<Instant> nextUpdate() {
    return nextUpdate;
  }

  Instant thisUpdate() {
    return thisUpdate;
  }

  String digest() {
    return digest;
  }

  boolean revokes(X500Principal certificateIssuer, BigInteger serial) {
    Set<BigInteger> serials = revoked.get(certificateIssuer);
    return serials != null && serials.contains(serial);
  }

  private static X509CRL crl(Path file, byte[] der) throws CertificateFileException {
    try {
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (CRLException | CertificateException e) {
      throw malformed(file, e);
    }
  }

  private static CertificateFileException malformed(Path file, Exception cause) {
    return new CertificateFileException(
        "crl-malformed",
        file + ": the revocation list cannot be read: " + cause.getMessage(),
        "the file may be cut short or damaged");
  }
}

package io.lockgate.pki;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an identity of what was found in files: finds the leaf by the key, orders the chain, and
 * looks for flaws.
 *
 * @param findings flaws that follow from the content alone, whatever the day and the file's name
 */
record PairAssembly(Identity identity, List<Finding> findings) {
  /**
   * Makes it.
   *
   * @param identities that are there already
   */
  static PairAssembly of(
      Path chainFile, PairContent content, IssuerPool pool, IdentityPool identities)
      throws CertificateFileException {
    int leafAt = 0;
    EncodedCertificate leaf = certificate(chainFile, content, leafAt);
    while (!keyFits(content.key(), leaf)) {
      leafAt++;
      if (leafAt == content.certificates().size()) {
        throw mismatch(chainFile);
      }
      leaf = certificate(chainFile, content, leafAt);
    }
    List<Issuer> others = new ArrayList<>();
    for (int i = 0; i < content.certificates().size(); i++) {
      if (i != leafAt) {
        others.add(issuer(chainFile, content, i, pool));
      }
    }
    ChainOrder chain = ChainOrder.of(leaf, others, leafAt == 0);
    return assembled(chainFile, leaf, chain, content.key(), identities);
  }

  private static EncodedCertificate certificate(Path file, PairContent content, int index)
      throws CertificateFileException {
    try {
      return EncodedCertificate.of(content.certificates().get(index));
    } catch (CertificateException e) {
      throw malformed(file, index + 1, e);
    }
  }

  private static Issuer issuer(Path file, PairContent content, int index, IssuerPool pool)
      throws CertificateFileException {
    try {
      return pool.issuer(content.certificates().get(index));
    } catch (CertificateException e) {
      throw malformed(file, index + 1, e);
    }
  }

  private static PairAssembly assembled(
      Path chainFile, EncodedCertificate leaf, ChainOrder chain, Pkcs8 key, IdentityPool identities)
      throws CertificateFileException {
    try {
      key.check();
      SubjectNames names = SubjectNames.of(leaf);
      Identity identity = identities.shared(new Identity(leaf, chain.issuers(), key, names));
      return new PairAssembly(identity, ChainLint.ofContent(leaf, chain, names));
    } catch (CertificateException e) {
      throw malformed(chainFile, 1, e);
    } catch (GeneralSecurityException e) {
      throw new CertificateFileException(
          "key-unsupported", chainFile + ": its key cannot be used: " + e.getMessage(), "");
    }
  }

  private static boolean keyFits(Pkcs8 key, EncodedCertificate certificate) {
    try {
      return KeyMatch.matches(key, certificate.publicKey());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static CertificateFileException malformed(
      Path file, int number, CertificateException cause) {
    return new CertificateFileException(
        "certificate-malformed",
        file + ": certificate " + number + " of the file cannot be read: " + cause.getMessage(),
        "");
  }

  private static CertificateFileException mismatch(Path file) {
    return new CertificateFileException(
        "key-mismatch",
        file + ": the private key does not belong to any certificate of the file",
        "compare openssl x509 -noout -pubkey with openssl pkey -pubout");
  }
}

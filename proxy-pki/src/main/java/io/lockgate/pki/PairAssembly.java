package io.lockgate.pki;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an identity of what was found in files: finds the leaf by the key, orders the chain, and
 * looks for flaws.
 *
 * @param findings flaws that follow from the content alone, whatever the day and the file's name
 */
record PairAssembly(Identity identity, List<Finding> findings) {
  static PairAssembly of(Path chainFile, PairContent content, IssuerPool pool)
      throws CertificateFileException {
    int leafAt = 0;
    X509Certificate leaf = certificate(chainFile, content, leafAt);
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
    return assembled(chainFile, leaf, ChainOrder.of(leaf, others, leafAt == 0), content.key());
  }

  private static X509Certificate certificate(Path file, PairContent content, int index)
      throws CertificateFileException {
    try {
      return EncodedCertificate.parse(content.certificates().get(index));
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
      Path chainFile, X509Certificate leaf, ChainOrder chain, Pkcs8 key)
      throws CertificateFileException {
    try {
      // Read here once, so that it cannot fail when a client waits for it.
      Identity.parseKey(key);
      Identity identity = new Identity(leaf, chain.issuers(), key);
      return new PairAssembly(identity, ChainLint.ofContent(leaf, chain, identity.names()));
    } catch (CertificateException e) {
      throw malformed(chainFile, 1, e);
    } catch (GeneralSecurityException e) {
      throw new CertificateFileException(
          "key-unsupported", chainFile + ": its key cannot be used: " + e.getMessage(), "");
    }
  }

  private static boolean keyFits(Pkcs8 key, X509Certificate certificate) {
    try {
      return KeyMatch.matches(key, certificate.getPublicKey());
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

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
    List<Issuer> others = new ArrayList<>();
    X509Certificate leaf = null;
    int leafAt = 0;
    for (int i = 0; i < content.certificates().size(); i++) {
      byte[] der = content.certificates().get(i);
      try {
        if (leaf != null) {
          others.add(pool.issuer(der));
          continue;
        }
        X509Certificate candidate = EncodedCertificate.parse(der);
        if (keyFits(content.key(), candidate)) {
          leaf = candidate;
          leafAt = i;
        } else {
          others.add(pool.issuer(der));
        }
      } catch (CertificateException e) {
        throw malformed(chainFile, i + 1, e);
      }
    }
    if (leaf == null) {
      throw mismatch(chainFile);
    }
    return assembled(chainFile, leaf, ChainOrder.of(leaf, others, leafAt == 0), content.key());
  }

  private static PairAssembly assembled(
      Path chainFile, X509Certificate leaf, ChainOrder chain, Pkcs8 key)
      throws CertificateFileException {
    try {
      // Read here once, so that it cannot fail when a client waits for it.
      Identity.parseKey(key);
      Identity identity = new Identity(leaf, chain.issuers(), key);
      return new PairAssembly(identity, ChainLint.ofContent(leaf, chain));
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

package io.lockgate.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Opens a PKCS#12 file (RFC 7292). */
final class Pkcs12 {
  private Pkcs12() {}

  static PairContent open(Path file, byte[] content, Optional<char[]> password)
      throws CertificateFileException {
    char[] secret = password.orElseGet(() -> new char[0]);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(content), secret);
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          Key key = store.getKey(alias, secret);
          return new PairContent(
              encoded(store.getCertificateChain(alias)), Pkcs8.of(key.getEncoded()));
        }
      }
    } catch (IOException e) {
      throw refused(file, password, e);
    } catch (GeneralSecurityException e) {
      throw new CertificateFileException(
          "key-unsupported", file + ": the key cannot be used: " + e.getMessage(), "");
    }
    throw new CertificateFileException(
        "key-missing", file + ": the file holds no private key with a certificate", "");
  }

  private static List<byte[]> encoded(Certificate[] chain) throws GeneralSecurityException {
    List<byte[]> encoded = new ArrayList<>();
    for (Certificate certificate : chain) {
      encoded.add(certificate.getEncoded());
    }
    return encoded;
  }

  private static CertificateFileException refused(
      Path file, Optional<char[]> password, IOException cause) {
    if (cause.getCause() instanceof UnrecoverableKeyException) {
      return password.isPresent()
          ? new CertificateFileException(
              "password-wrong", file + ": the password given does not open the file", "")
          : new CertificateFileException(
              "password-missing",
              file + ": the file is encrypted, and no password is configured",
              "name the environment variable that holds it as password-env");
    }
    return new CertificateFileException(
        "certificate-malformed", file + ": the file is not PKCS#12: " + cause.getMessage(), "");
  }
}

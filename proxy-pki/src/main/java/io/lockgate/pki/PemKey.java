package io.lockgate.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.spec.InvalidKeySpecException;
import java.util.List;
import java.util.Optional;

/** A private key in a PEM file: PKCS#8, PKCS#1 or SEC 1, in clear or under a password. */
final class PemKey {
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String PKCS8_ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";
  private static final String CURVE = "EC PARAMETERS";

  private final Path file;
  private final PemBlock block;
  private final Optional<byte[]> curve;

  private PemKey(Path file, PemBlock block, Optional<byte[]> curve) {
    this.file = file;
    this.block = block;
    this.curve = curve;
  }

  /** The first key among a file's blocks. */
  static Optional<PemKey> among(Path file, List<PemBlock> blocks) {
    Optional<byte[]> curve = Optional.empty();
    for (PemBlock block : blocks) {
      if (block.label().equals(CURVE)) {
        curve = Optional.of(block.der());
      } else if (block.label().endsWith(PKCS8)) {
        return Optional.of(new PemKey(file, block, curve));
      }
    }
    return Optional.empty();
  }

  boolean encrypted() {
    return block.label().equals(PKCS8_ENCRYPTED) || block.headers().containsKey("DEK-Info");
  }

  Pkcs8 open(Optional<char[]> password) throws CertificateFileException {
    byte[] der = encrypted() ? decrypted(password) : block.der();
    try {
      return switch (block.label()) {
        case PKCS8, PKCS8_ENCRYPTED -> Pkcs8.of(der);
        case PKCS1 -> Pkcs8.ofPkcs1(der);
        case SEC1 -> Pkcs8.ofSec1(der, curve);
        default ->
            throw new InvalidKeySpecException(
                "a key under the label \"" + block.label() + "\" cannot be served");
      };
    } catch (InvalidKeySpecException e) {
      throw new CertificateFileException("key-unsupported", file + ": " + e.getMessage(), "");
    }
  }

  private byte[] decrypted(Optional<char[]> password) throws CertificateFileException {
    if (password.isEmpty()) {
      throw new CertificateFileException(
          "password-missing",
          file + ": the key is encrypted, and no password is configured",
          "name the environment variable that holds it as password-env");
    }
    String dekInfo = block.headers().get("DEK-Info");
    try {
      return dekInfo == null
          ? KeyDecryption.pkcs8(block.der(), password.get())
          : KeyDecryption.traditional(block.der(), dekInfo, password.get());
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new CertificateFileException(
          "password-wrong",
          file + ": the key cannot be decrypted with the password given: " + e.getMessage(),
          "");
    }
  }
}

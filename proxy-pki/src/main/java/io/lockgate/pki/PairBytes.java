package io.lockgate.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What stands in the files of one certificate, not yet understood. */
final class PairBytes {
  private final byte[] chain;
  private final byte[] key;

  private PairBytes(byte[] chain, byte[] key) {
    this.chain = chain;
    this.key = key;
  }

  static PairBytes read(PairFiles files) throws CertificateFileException {
    byte[] chain = read(files.chain());
    return new PairBytes(chain, files.key().isPresent() ? read(files.key().get()) : chain);
  }

  byte[] chain() {
    return chain;
  }

  /** The chain's bytes again where one file holds both. */
  byte[] key() {
    return key;
  }

  /** Equal for equal content, so that what is there under many names is built once. */
  ByteBuffer fingerprint() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(chain);
      sha256.update((byte) 0);
      sha256.update(key);
      return ByteBuffer.wrap(sha256.digest()).asReadOnlyBuffer();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static CertificateFileException unreadable(Path file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new CertificateFileException(
          "file-missing", file + ": the file does not exist", "check the path for a typing error");
    }
    if (cause instanceof AccessDeniedException) {
      return new CertificateFileException(
          "file-unreadable",
          file + ": this process may not read the file",
          "give the user that runs the proxy the right to read it");
    }
    return new CertificateFileException(
        "file-unreadable", file + ": the file cannot be read: " + cause.getMessage(), "");
  }

  private static byte[] read(Path file) throws CertificateFileException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}

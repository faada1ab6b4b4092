package io.lockgate.pki;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest by which equal content is known. */
final class Sha256 {
  private Sha256() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}

package io.lockgate.testkit;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** The kinds of key that tests ask for; each call makes a fresh pair. */
public enum TestKey {
  EC_P256("EC", "secp256r1", 0, "SHA256withECDSA"),
  EC_P384("EC", "secp384r1", 0, "SHA384withECDSA"),
  EC_P521("EC", "secp521r1", 0, "SHA512withECDSA"),
  /** Too short to be served without a warning; quick to make. */
  RSA_1024("RSA", "", 1024, "SHA256withRSA"),
  RSA_2048("RSA", "", 2048, "SHA256withRSA"),
  /** Takes some tenths of a second to make. */
  RSA_3072("RSA", "", 3072, "SHA256withRSA"),
  /** Takes seconds to make. */
  RSA_4096("RSA", "", 4096, "SHA256withRSA"),
  ED25519("Ed25519", "", 0, "Ed25519");

  private final String algorithm;
  private final String curve;
  private final int bits;
  private final String signature;

  TestKey(String algorithm, String curve, int bits, String signature) {
    this.algorithm = algorithm;
    this.curve = curve;
    this.bits = bits;
    this.signature = signature;
  }

  public KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (!curve.isEmpty()) {
        generator.initialize(new ECGenParameterSpec(curve));
      } else if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What a key of this kind signs with unless a test says otherwise. */
  String signatureAlgorithm() {
    return signature;
  }
}

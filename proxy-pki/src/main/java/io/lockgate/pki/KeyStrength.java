package io.lockgate.pki;

import java.math.BigInteger;
import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What makes a certificate too weak for today's clients. Pure. */
final class KeyStrength {
  /** Object identifiers of signatures with MD2, MD5 and SHA-1: RSA, ECDSA and DSA. */
  private static final List<byte[]> WEAK_SIGNATURES =
      Stream.of(
              "2a864886f70d010102",
              "2a864886f70d010104",
              "2a864886f70d010105",
              "2b0e03021d",
              "2a8648ce3d0401",
              "2a8648ce380403")
          .map(HexFormat.of()::parseHex)
          .toList();

  private KeyStrength() {}

  static boolean weaklySigned(EncodedCertificate certificate) {
    try {
      DerReader algorithm =
          certificate.signatureAlgorithm().enter(DerReader.SEQUENCE).enter(DerReader.OBJECT_ID);
      for (byte[] weak : WEAK_SIGNATURES) {
        if (algorithm.restIs(weak)) {
          return true;
        }
      }
      return false;
    } catch (InvalidKeySpecException e) {
      return false;
    }
  }

  /** The length of an RSA key; empty for other keys. */
  static OptionalInt rsaBits(EncodedCertificate certificate) {
    try {
      DerReader info = certificate.publicKeyReader().enter(DerReader.SEQUENCE);
      if (!KeyKind.named(info.enter(DerReader.SEQUENCE)).equals(RSA)) {
        return OptionalInt.empty();
      }
      byte[] key = Pkcs8.tail(info.content(DerReader.BIT_STRING));
      DerReader numbers = DerReader.of(key).enter(DerReader.SEQUENCE);
      return OptionalInt.of(new BigInteger(numbers.content(DerReader.INTEGER)).bitLength());
    } catch (InvalidKeySpecException e) {
      return OptionalInt.empty();
    }
  }

  private static final java.util.Optional<KeyKind> RSA = java.util.Optional.of(KeyKind.RSA);
}

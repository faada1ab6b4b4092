package io.lockgate.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** Whether a private key belongs to a certificate's public key. */
final class KeyMatch {
  private static final byte[] PROBE = new byte[32];
  private static final int UNCOMPRESSED = 4;

  private KeyMatch() {}

  /**
   * Compares them, by what stands next to the private key where that is enough.
   *
   * @param publicKey a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7)
   */
  static boolean matches(Pkcs8 key, byte[] publicKey) throws GeneralSecurityException {
    DerReader info = DerReader.of(publicKey).enter(DerReader.SEQUENCE);
    Optional<KeyKind> kind = KeyKind.named(info.enter(DerReader.SEQUENCE));
    if (kind.isEmpty() || kind.get() != key.kind()) {
      return false;
    }
    byte[] bits = Pkcs8.tail(info.content(DerReader.BIT_STRING));
    if (key.kind() == KeyKind.RSA) {
      DerReader numbers = DerReader.of(bits).enter(DerReader.SEQUENCE);
      return new BigInteger(numbers.content(DerReader.INTEGER))
          .equals(new BigInteger(key.rsaModulus()));
    }
    Optional<byte[]> point = key.kind().elliptic() ? key.ecPoint() : Optional.empty();
    if (point.isPresent() && point.get()[0] == UNCOMPRESSED) {
      return Arrays.equals(point.get(), bits);
    }
    PublicKey parsed =
        KeyFactory.getInstance(key.kind().algorithm())
            .generatePublic(new X509EncodedKeySpec(publicKey));
    return parsed instanceof ECPublicKey ec ? samePoint(key, ec) : signs(key, parsed);
  }

  /**
   * Agreement with the curve's generator gives the x coordinate of the key's own public point. That
   * costs a millisecond, but few tools leave the point out.
   */
  private static boolean samePoint(Pkcs8 key, ECPublicKey publicKey)
      throws GeneralSecurityException {
    PublicKey generator =
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(publicKey.getParams().getGenerator(), publicKey.getParams()));
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(Identity.parseKey(key));
    agreement.doPhase(generator, true);
    return publicKey.getW().getAffineX().equals(new BigInteger(1, agreement.generateSecret()));
  }

  private static boolean signs(Pkcs8 key, PublicKey publicKey) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(key.kind().algorithm());
    signature.initSign(Identity.parseKey(key));
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(PROBE);
    return signature.verify(signed);
  }
}

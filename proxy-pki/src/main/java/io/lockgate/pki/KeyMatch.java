package io.lockgate.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** Whether a private key belongs to a certificate's public key. */
final class KeyMatch {
  private static final byte[] PROBE = new byte[32];

  private KeyMatch() {}

  static boolean matches(Pkcs8 key, PublicKey publicKey) throws GeneralSecurityException {
    if (!sameKind(key, publicKey)) {
      return false;
    }
    if (publicKey instanceof RSAPublicKey rsa) {
      return rsa.getModulus().equals(new BigInteger(key.rsaModulus()));
    }
    return publicKey instanceof ECPublicKey ec ? sameCurvePoint(key, ec) : signs(key, publicKey);
  }

  private static boolean sameKind(Pkcs8 key, PublicKey publicKey) throws GeneralSecurityException {
    byte[] identifier =
        DerReader.of(publicKey.getEncoded()).enter(DerReader.SEQUENCE).content(DerReader.SEQUENCE);
    return KeyKind.named(identifier).filter(key.kind()::equals).isPresent();
  }

  private static boolean sameCurvePoint(Pkcs8 key, ECPublicKey publicKey)
      throws GeneralSecurityException {
    var written = key.ecPoint();
    if (written.isPresent() && written.get()[0] == 4) {
      DerReader info = DerReader.of(publicKey.getEncoded()).enter(DerReader.SEQUENCE);
      info.skip();
      return MessageDigest.isEqual(written.get(), Pkcs8.tail(info.content(DerReader.BIT_STRING)));
    }
    // Agreement with the curve's generator gives the x coordinate of the key's own public point.
    // That costs a millisecond, but few tools leave the point out.
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
    PrivateKey privateKey = Identity.parseKey(key);
    Signature signature = Signature.getInstance(key.kind().algorithm());
    signature.initSign(privateKey);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(PROBE);
    return signature.verify(signed);
  }
}

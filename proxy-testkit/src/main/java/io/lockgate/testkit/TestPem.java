package io.lockgate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Writes keys and certificates in the textual forms of RFC 7468 and of older tools. */
public final class TestPem {
  private static final String KEY_CIPHER = "PBEWithHmacSHA256AndAES_256";

  private TestPem() {}

  public static String block(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  public static String certificates(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate certificate : chain) {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }

  static String traditionalKey(PrivateKey key, PublicKey publicKey) {
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
      if (!(key instanceof ECPrivateKey ec)) {
        return block("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
      }
      // The JDK leaves the curve and the public point out of what it wraps; openssl writes both.
      DERBitString point =
          new DERBitString(
              SubjectPublicKeyInfo.getInstance(publicKey.getEncoded())
                  .getPublicKeyData()
                  .getOctets());
      return block(
          "EC PRIVATE KEY",
          new org.bouncycastle.asn1.sec.ECPrivateKey(
                  ec.getParams().getOrder().bitLength(),
                  ec.getS(),
                  point,
                  info.getPrivateKeyAlgorithm().getParameters())
              .getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String encryptedKey(PrivateKey key, String password) {
    try {
      Cipher cipher = Cipher.getInstance(KEY_CIPHER);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          SecretKeyFactory.getInstance(KEY_CIPHER)
              .generateSecret(new PBEKeySpec(password.toCharArray())),
          new PBEParameterSpec("saltsalt".getBytes(StandardCharsets.US_ASCII), 1000));
      // Put together by hand: the JDK cannot name the algorithm of what it has just encrypted.
      AlgorithmIdentifier algorithm =
          new AlgorithmIdentifier(
              PKCSObjectIdentifiers.id_PBES2,
              ASN1Primitive.fromByteArray(cipher.getParameters().getEncoded()));
      byte[] sealed = cipher.doFinal(key.getEncoded());
      return block(
          "ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(algorithm, sealed).getEncoded());
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes a text file and returns its path. */
  public static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file that only its owner may read, and returns its path. */
  public static Path writeSecret(Path file, String text) {
    try {
      Files.writeString(file, text);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

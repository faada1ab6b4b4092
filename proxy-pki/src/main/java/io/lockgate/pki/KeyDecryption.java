package io.lockgate.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/** Opens private keys that are kept under a password. A wrong password is an exception. */
final class KeyDecryption {
  private KeyDecryption() {}

  /** Opens an EncryptedPrivateKeyInfo (RFC 5958 section 3) and returns PKCS#8. */
  static byte[] pkcs8(byte[] encrypted, char[] password)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo info;
    Cipher cipher;
    try {
      info = new EncryptedPrivateKeyInfo(encrypted);
      cipher = cipher(info, password);
    } catch (IOException | GeneralSecurityException e) {
      return rareScheme(encrypted, password);
    }
    return info.getKeySpec(cipher).getEncoded();
  }

  private static Cipher cipher(EncryptedPrivateKeyInfo info, char[] password)
      throws GeneralSecurityException {
    AlgorithmParameters parameters = info.getAlgParameters();
    // PBES2 parameters name the whole scheme only in their text form.
    String scheme = parameters == null ? "" : parameters.toString();
    String name = scheme.startsWith("PBE") ? scheme : info.getAlgName();
    Key key = SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(password));
    Cipher cipher = Cipher.getInstance(name);
    cipher.init(Cipher.DECRYPT_MODE, key, parameters);
    return cipher;
  }

  /** Schemes that the JDK lacks (scrypt, 3DES under PBES2); costs the loading of a library. */
  private static byte[] rareScheme(byte[] encrypted, char[] password)
      throws GeneralSecurityException, IOException {
    try {
      return new PKCS8EncryptedPrivateKeyInfo(encrypted)
          .decryptPrivateKeyInfo(
              new JceOpenSSLPKCS8DecryptorProviderBuilder()
                  .setProvider(new BouncyCastleProvider())
                  .build(password))
          .getEncoded();
    } catch (OperatorCreationException | PKCSException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /**
   * Opens a block under {@code Proc-Type: 4,ENCRYPTED} as openssl wrote it before PKCS#8 (RFC 1421
   * section 4.6; the key derivation is openssl's own: MD5 over password and salt, one round).
   *
   * @param dekInfo the header's value, such as {@code AES-256-CBC,<iv in hex>}
   */
  static byte[] traditional(byte[] encrypted, String dekInfo, char[] password)
      throws GeneralSecurityException {
    int comma = dekInfo.indexOf(',');
    String name = comma < 0 ? dekInfo : dekInfo.substring(0, comma).strip();
    TraditionalCipher scheme = TraditionalCipher.named(name);
    byte[] iv = HexFormat.of().parseHex(dekInfo.substring(comma + 1).strip());
    byte[] salt = Arrays.copyOf(iv, 8);
    byte[] key = derive(new String(password).getBytes(StandardCharsets.UTF_8), salt, scheme);
    Cipher cipher = Cipher.getInstance(scheme.transformation);
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, scheme.algorithm), new IvParameterSpec(iv));
    return cipher.doFinal(encrypted);
  }

  private static byte[] derive(byte[] password, byte[] salt, TraditionalCipher scheme)
      throws GeneralSecurityException {
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    byte[] key = new byte[scheme.keyBytes];
    byte[] round = new byte[0];
    for (int filled = 0; filled < key.length; filled += round.length) {
      md5.update(round);
      md5.update(password);
      round = md5.digest(salt);
      System.arraycopy(round, 0, key, filled, Math.min(round.length, key.length - filled));
    }
    return key;
  }

  private enum TraditionalCipher {
    AES_128("AES-128-CBC", "AES", 16),
    AES_192("AES-192-CBC", "AES", 24),
    AES_256("AES-256-CBC", "AES", 32),
    TRIPLE_DES("DES-EDE3-CBC", "DESede", 24);

    private final String name;
    private final String algorithm;
    private final String transformation;
    private final int keyBytes;

    TraditionalCipher(String name, String algorithm, int keyBytes) {
      this.name = name;
      this.algorithm = algorithm;
      this.transformation = algorithm + "/CBC/PKCS5Padding";
      this.keyBytes = keyBytes;
    }

    static TraditionalCipher named(String name) throws GeneralSecurityException {
      for (TraditionalCipher cipher : values()) {
        if (cipher.name.equals(name)) {
          return cipher;
        }
      }
      throw new GeneralSecurityException("the cipher " + name + " is not known");
    }
  }
}

package io.lockgate.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate chain with its key, and every form in which an operator may hold them.
 *
 * @param chain leaf first, without the root
 */
public record TestIdentity(List<X509Certificate> chain, PrivateKey key) {
  public TestIdentity {
    chain = List.copyOf(chain);
  }

  public X509Certificate leaf() {
    return chain.get(0);
  }

  public String chainPem() {
    return TestPem.certificates(chain);
  }

  public String leafPem() {
    return TestPem.certificates(List.of(leaf()));
  }

  /** The key as PKCS#8: {@code BEGIN PRIVATE KEY}. */
  public String keyPem() {
    return TestPem.block("PRIVATE KEY", key.getEncoded());
  }

  /** The key as PKCS#1 ({@code RSA PRIVATE KEY}) or SEC 1 ({@code EC PRIVATE KEY}). */
  public String traditionalKeyPem() {
    return TestPem.traditionalKey(key, leaf().getPublicKey());
  }

  /** The key as encrypted PKCS#8 (PBES2, AES-256). */
  public String encryptedKeyPem(String password) {
    return TestPem.encryptedKey(key, password);
  }

  /** Chain and key in a PKCS#12 file's bytes. */
  public byte[] pkcs12(String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("1", key, password.toCharArray(), chain.toArray(Certificate[]::new));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.store(out, password.toCharArray());
      return out.toByteArray();
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes NAME.pem (the chain) and NAME.key (PKCS#8, mode 0600) and returns NAME.pem. */
  public Path writeTo(Path directory, String name) {
    TestPem.writeSecret(directory.resolve(name + ".key"), keyPem());
    return TestPem.write(directory.resolve(name + ".pem"), chainPem());
  }
}

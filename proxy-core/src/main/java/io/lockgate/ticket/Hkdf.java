package io.lockgate.ticket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), which Java 17 does not have. Pure. */
final class Hkdf {
  static final int HASH_BYTES = 32;
  private static final String HMAC = "HmacSHA256";

  private Hkdf() {}

  /** Section 2.2: a key from material that need not be uniform. */
  static byte[] extract(byte[] salt, byte[] material) {
    return mac(salt.length == 0 ? new byte[HASH_BYTES] : salt).doFinal(material);
  }

  /** Section 2.3: as many bytes as asked for, different for each {@code info}. */
  static byte[] expand(byte[] key, String info, int length) {
    Mac mac = mac(key);
    byte[] label = info.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[length];
    byte[] block = new byte[0];
    for (int at = 0, counter = 1; at < length; at += HASH_BYTES, counter++) {
      mac.update(block);
      mac.update(label);
      mac.update((byte) counter);
      Arrays.fill(block, (byte) 0);
      block = mac.doFinal();
      System.arraycopy(block, 0, out, at, Math.min(HASH_BYTES, length - at));
    }
    Arrays.fill(block, (byte) 0);
    return out;
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

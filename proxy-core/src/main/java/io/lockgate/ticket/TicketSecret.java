package io.lockgate.ticket;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The secret of one slot of time, from which the keys of all domains are derived: who has the keys
 * of one domain learns nothing about another's. Never printed.
 */
final class TicketSecret {
  static final int BYTES = 32;

  private final byte[] bytes;

  /**
   * @param bytes uniform, and owned by this object from here on
   */
  TicketSecret(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a secret of " + bytes.length + " bytes");
    }
    this.bytes = bytes;
  }

  static TicketSecret random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new TicketSecret(bytes);
  }

  /**
   * As uniform bytes need no extraction, this is the second half of HKDF (RFC 5869 section 3.3).
   */
  byte[] derive(String info, int length) {
    return Hkdf.expand(bytes, info, length);
  }

  void copyTo(java.nio.ByteBuffer out) {
    out.put(bytes);
  }

  boolean sameAs(TicketSecret other) {
    return java.security.MessageDigest.isEqual(bytes, other.bytes);
  }

  /** What is derived from it hereafter is worth nothing. */
  void erase() {
    Arrays.fill(bytes, (byte) 0);
  }
}

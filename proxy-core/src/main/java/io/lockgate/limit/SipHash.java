package io.lockgate.limit;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a secret key keeps strangers from finding inputs that
 * collide. Immutable and without objects; safe on any thread.
 */
final class SipHash {
  private static final byte[] NOTHING = {};

  private final long key0;
  private final long key1;

  SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** Of three words, each as eight octets in little endian. */
  long of(long first, long second, long third) {
    return of(first, second, third, 3, NOTHING, 0, 0);
  }

  /** Of a word and a range of octets behind it. */
  long of(long first, byte[] bytes, int start, int end) {
    return of(first, 0, 0, 1, bytes, start, end);
  }

  private long of(
      long first, long second, long third, int words, byte[] bytes, int start, int end) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int blocks = words + ((end - start) >> 3);
    for (int i = 0; i <= blocks + 2; i++) {
      // Two more turns of two rounds each, in which nothing is put in, end the computation.
      long word = 0;
      if (i < words) {
        word = i == 0 ? first : i == 1 ? second : third;
      } else if (i < blocks) {
        word = octets(bytes, start + ((i - words) << 3), 8);
      } else if (i == blocks) {
        int at = start + ((blocks - words) << 3);
        word = (long) ((words << 3) + end - start) << 56 | octets(bytes, at, end - at);
      } else if (i == blocks + 1) {
        v2 ^= 0xff;
      }
      v3 ^= word;
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long octets(byte[] bytes, int from, int count) {
    long word = 0;
    for (int i = count - 1; i >= 0; i--) {
      word = word << 8 | (bytes[from + i] & 0xff);
    }
    return word;
  }
}

package io.lockgate.exchange;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.HexDigits;
import java.util.random.RandomGenerator;

/**
 * Makes request ids: 128 random bits in hex. They join lines of logs and are no secret, so a fast
 * generator per event loop serves. On its loop only.
 */
public final class RequestIds {
  private final RandomGenerator random;

  public RequestIds(RandomGenerator random) {
    this.random = random;
  }

  /** 32 hex digits. */
  public AsciiBytes next() {
    byte[] text = new byte[32];
    HexDigits.put(text, 0, random.nextLong());
    HexDigits.put(text, 16, random.nextLong());
    return AsciiBytes.wrap(text);
  }

  /** 16 octets that nobody has seen before. */
  byte[] nonce() {
    byte[] octets = new byte[16];
    random.nextBytes(octets);
    return octets;
  }

  /** Whether an id from outside can be passed on: 1 to 128 visible characters without quotes. */
  static boolean acceptable(byte[] bytes, int start, int end) {
    if (end == start || end - start > 128) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (bytes[i] <= ' ' || bytes[i] > '~' || bytes[i] == '"' || bytes[i] == '\\') {
        return false;
      }
    }
    return true;
  }
}

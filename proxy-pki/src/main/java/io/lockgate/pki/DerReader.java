package io.lockgate.pki;

import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;

/**
 * Walks DER (ITU-T X.690) one element at a time, as far as keys and a few extensions need it. Every
 * length is checked against the enclosing element. Not for use by many threads.
 */
final class DerReader {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_ID = 0x06;
  static final int SEQUENCE = 0x30;
  static final int CONTEXT_0 = 0xa0;
  static final int CONTEXT_1 = 0xa1;

  private final byte[] bytes;
  private final int end;
  private int at;

  private DerReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  static DerReader of(byte[] der) {
    return new DerReader(der, 0, der.length);
  }

  boolean hasNext() {
    return at < end;
  }

  boolean nextIs(int tag) {
    return hasNext() && (bytes[at] & 0xff) == tag;
  }

  /** Steps into the next element, which must have the tag, and past it here. */
  DerReader enter(int tag) throws InvalidKeySpecException {
    if (!nextIs(tag)) {
      throw malformed();
    }
    return next();
  }

  /** The content of the next element, which must have the tag. */
  byte[] content(int tag) throws InvalidKeySpecException {
    return enter(tag).rest();
  }

  void skip() throws InvalidKeySpecException {
    next();
  }

  /** What is left here, undivided. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  private DerReader next() throws InvalidKeySpecException {
    if (end - at < 2) {
      throw malformed();
    }
    int length = bytes[at + 1] & 0xff;
    int start = at + 2;
    if (length > 0x7f) {
      int lengthBytes = length & 0x7f;
      if (lengthBytes < 1 || lengthBytes > 3 || end - start < lengthBytes) {
        throw malformed();
      }
      length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = (length << 8) | (bytes[start++] & 0xff);
      }
    }
    if (end - start < length) {
      throw malformed();
    }
    at = start + length;
    return new DerReader(bytes, start, at);
  }

  private static InvalidKeySpecException malformed() {
    return new InvalidKeySpecException("not the DER structure expected");
  }
}

package io.lockgate.pki;

import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;

/**
 * Walks DER (ITU-T X.690) one element at a time, as far as keys and certificates need it. Every
 * length is checked against the enclosing element. Not for use by many threads.
 */
final class DerReader {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_ID = 0x06;
  static final int UTC_TIME = 0x17;
  static final int GENERALIZED_TIME = 0x18;
  static final int SEQUENCE = 0x30;
  static final int CONTEXT_0 = 0xa0;
  static final int CONTEXT_1 = 0xa1;
  static final int CONTEXT_3 = 0xa3;

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

  /** Walks a part of an encoding; positions are those within the whole. */
  static DerReader of(byte[] der, int start, int end) {
    return new DerReader(der, start, end);
  }

  boolean hasNext() {
    return at < end;
  }

  boolean nextIs(int tag) {
    return hasNext() && (bytes[at] & 0xff) == tag;
  }

  /** The tag of the next element, or -1 where there is none. */
  int nextTag() {
    return hasNext() ? bytes[at] & 0xff : -1;
  }

  /** Where in the encoding the next element begins. */
  int position() {
    return at;
  }

  /** Where in the encoding this element ends. */
  int end() {
    return end;
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

  /** Steps past the next element, which must have the tag. */
  void skip(int tag) throws InvalidKeySpecException {
    enter(tag);
  }

  /** What is left here, undivided. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  /** Whether what is left here is exactly this. */
  boolean restIs(byte[] expected) {
    return Arrays.equals(bytes, at, end, expected, 0, expected.length);
  }

  /** Whether what is left here begins with this. */
  boolean restStartsWith(byte[] expected) {
    return end - at >= expected.length
        && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
  }

  /** Fails unless everything has been walked over. */
  void finish() throws InvalidKeySpecException {
    if (hasNext()) {
      throw malformed();
    }
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

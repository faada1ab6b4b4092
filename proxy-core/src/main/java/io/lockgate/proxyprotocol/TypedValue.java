package io.lockgate.proxyprotocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A type-length-value of a header of version 2. Immutable. */
public final class TypedValue {
  public static final int ALPN = 0x01;
  public static final int AUTHORITY = 0x02;
  static final int CRC32C = 0x03;
  static final int NOOP = 0x04;
  public static final int UNIQUE_ID = 0x05;
  public static final int SSL = 0x20;
  public static final int NETNS = 0x30;

  private static final int MOST = 0xffff;

  private final int type;
  private final byte[] value;

  /**
   * @param value of no more octets than two can count
   */
  public TypedValue(int type, byte[] value) {
    if (value.length > MOST) {
      throw new IllegalArgumentException("a value of " + value.length + " octets");
    }
    this.type = type;
    this.value = value.clone();
  }

  /** A value that is text. */
  public static TypedValue of(int type, String text) {
    return new TypedValue(type, text.getBytes(StandardCharsets.UTF_8));
  }

  public int type() {
    return type;
  }

  /** A copy. */
  public byte[] bytes() {
    return value.clone();
  }

  public int length() {
    return value.length;
  }

  int octet(int index) {
    return value[index] & 0xff;
  }

  /** The value as text. */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TypedValue that
        && that.type == type
        && Arrays.equals(that.value, value);
  }

  @Override
  public int hashCode() {
    return type * 31 + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "0x" + Integer.toHexString(type) + "[" + value.length + "]";
  }
}

package io.lockgate.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A fixed text ready to be compared with and copied into bytes. Immutable; safe on any thread. */
public final class AsciiBytes {
  private final byte[] bytes;

  private AsciiBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Characters beyond Latin-1 become question marks. */
  public static AsciiBytes of(String text) {
    return new AsciiBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Takes over {@code bytes}, which nobody may change afterwards. */
  public static AsciiBytes wrap(byte[] bytes) {
    return new AsciiBytes(bytes);
  }

  /** Takes a copy of a range. */
  public static AsciiBytes copyOf(byte[] bytes, int start, int end) {
    return new AsciiBytes(Arrays.copyOfRange(bytes, start, end));
  }

  public int length() {
    return bytes.length;
  }

  /** Whether the range holds exactly these bytes. */
  public boolean matches(byte[] other, int start, int end) {
    return Arrays.equals(other, start, end, bytes, 0, bytes.length);
  }

  /** Whether the range holds this text in any mix of ASCII case. */
  public boolean matchesIgnoringCase(byte[] other, int start, int end) {
    return Octets.equalsIgnoringCase(other, start, end, bytes, 0, bytes.length);
  }

  public int copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, bytes.length);
    return at + bytes.length;
  }

  public void showTo(OctetSink sink) {
    sink.octets(bytes, 0, bytes.length);
  }

  byte[] toBytes() {
    return bytes.clone();
  }

  public void writeTo(ByteBuf out) {
    out.writeBytes(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AsciiBytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}

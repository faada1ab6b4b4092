package io.lockgate.listen;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** ClientHellos built by hand. */
public final class HelloBytes {
  private HelloBytes() {}

  /** A message of TLS 1.3 and 1.2 with an X25519 share that no client knows the secret of. */
  public static byte[] tls13(String name) {
    return tls13(name, 0);
  }

  /** The same, with so many bytes of padding (RFC 7685). */
  public static byte[] tls13(String name, int padding) {
    byte[] share = new byte[32];
    Arrays.fill(share, (byte) 9);
    byte[] extensions =
        join(
            extension(0x0a0a),
            name.isEmpty() ? new byte[0] : extension(0, sni(name)),
            extension(10, vector16(new byte[] {0x1a, 0x1a, 0, 0x1d, 0, 0x17})),
            extension(13, vector16(new byte[] {4, 3, 8, 4, 4, 1})),
            extension(16, vector16(join(vector8("h2"), vector8("http/1.1")))),
            extension(43, vector8(new byte[] {0x2a, 0x2a, 3, 4, 3, 3})),
            extension(51, vector16(join(new byte[] {0, 0x1d}, vector16(share)))),
            padding == 0 ? new byte[0] : extension(21, new byte[padding]));
    return hello(0x0303, new byte[] {0x3a, 0x3a, 0x13, 1, 0x13, 2, (byte) 0xc0, 0x2b}, extensions);
  }

  /** A message of any version with the given suites and extensions. */
  public static byte[] hello(int version, byte[] suites, byte[] extensions) {
    byte[] body =
        join(
            u16(version),
            new byte[32],
            new byte[] {0},
            vector16(suites),
            new byte[] {1, 0},
            vector16(extensions));
    return join(new byte[] {1, 0}, u16(body.length), body);
  }

  public static byte[] sni(String name) {
    return vector16(join(new byte[] {0}, vector16(name.getBytes(StandardCharsets.ISO_8859_1))));
  }

  public static byte[] extension(int type, byte... content) {
    return join(u16(type), vector16(content));
  }

  /** One record around a message. */
  public static byte[] record(byte[] message) {
    return records(message, 1 << 14);
  }

  /** As many records as it takes if none holds more than so many bytes. */
  public static byte[] records(byte[] message, int fragment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < message.length; from += fragment) {
      byte[] part = Arrays.copyOfRange(message, from, Math.min(message.length, from + fragment));
      out.writeBytes(new byte[] {22, 3, 1});
      out.writeBytes(vector16(part));
    }
    return out.toByteArray();
  }

  static byte[] vector8(String content) {
    return vector8(content.getBytes(StandardCharsets.ISO_8859_1));
  }

  static byte[] vector8(byte[] content) {
    return join(new byte[] {(byte) content.length}, content);
  }

  public static byte[] vector16(byte[] content) {
    return join(u16(content.length), content);
  }

  static byte[] u16(int value) {
    return new byte[] {(byte) (value >> 8), (byte) value};
  }

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}

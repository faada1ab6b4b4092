package io.lockgate.http;

/**
 * The path as routes are matched with it: percent-decoded, slashes merged, path parameters left
 * out, so that no spelling chooses another route than the one an upstream would serve it from. What
 * is forwarded stays as the client sent it. Without anything to normalise it is the raw bytes.
 */
public final class PathView {
  private byte[] bytes = {};
  private int start;
  private int end;

  public byte[] bytes() {
    return bytes;
  }

  public int start() {
    return start;
  }

  public int end() {
    return end;
  }

  /** Number of raw octets that the first {@code length} octets of the view stand for. */
  public int rawLength(int length) {
    throw new UnsupportedOperationException();
  }

  /** The decoded path, Latin-1. */
  public String text() {
    return new String(bytes, start, end - start, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  void clear() {
    bytes = new byte[0];
    start = end = 0;
  }
}

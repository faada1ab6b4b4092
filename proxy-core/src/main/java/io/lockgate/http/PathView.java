package io.lockgate.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The path as routes are matched with it: percent-decoded, backslashes as slashes, slashes merged,
 * path parameters left out, so that no spelling chooses another route than the one whose upstream
 * would understand it so. What is forwarded stays as the client sent it. Where there is nothing to
 * normalise, which is nearly always, it is the raw bytes.
 *
 * <p>Dot segments are refused in every disguise rather than resolved: servers disagree on {@code
 * ..;}, {@code %2e} and {@code %2f}, and honest clients resolve them before they send (RFC 3986
 * section 5.2.4). Belongs to a {@link RequestHead}.
 */
public final class PathView {
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int start;
  private int end;
  private byte[] raw = NOTHING;
  private int rawStart;
  private int rawEnd;

  /** Kept for the next path that must be normalised; empty until the first. */
  private byte[] normal = NOTHING;

  public byte[] bytes() {
    return bytes;
  }

  public int start() {
    return start;
  }

  public int end() {
    return end;
  }

  /** Whether the view is the raw path itself. */
  public boolean plain() {
    return bytes == raw;
  }

  /** The decoded path, each octet a character. */
  public String text() {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /**
   * Number of raw octets that the first {@code length} octets of the view stand for, and of the
   * slashes behind them but one: what follows must not begin as an authority does.
   */
  public int rawLength(int length) {
    if (plain()) {
      return length;
    }
    int at = normalise(length);
    while (at + 1 < rawEnd && raw[at] == '/' && raw[at + 1] == '/') {
      at++;
    }
    return at - rawStart;
  }

  /**
   * The normal form of a path that an operator wrote, to be compared with views.
   *
   * @throws IllegalArgumentException if no request has such a path
   */
  public static byte[] normalised(String path) {
    PathView view = of(path);
    return Arrays.copyOfRange(view.bytes, view.start, view.end);
  }

  /**
   * The view of a path that belongs to no request.
   *
   * @throws IllegalArgumentException if no request has such a path
   */
  public static PathView of(String path) {
    byte[] octets = path.getBytes(StandardCharsets.ISO_8859_1);
    PathView view = new PathView();
    FramingRule broken = view.view(octets, 0, octets.length);
    if (broken != null) {
      throw new IllegalArgumentException(path + ": " + broken.sentence());
    }
    return view;
  }

  void clear() {
    bytes = raw = NOTHING;
    start = end = rawStart = rawEnd = 0;
    if (normal.length > 4096) {
      normal = NOTHING;
    }
  }

  /** Views another path; answers the rule it breaks, or null. */
  FramingRule view(byte[] source, int from, int to) {
    bytes = raw = source;
    start = rawStart = from;
    end = rawEnd = to;
    if (isPlain(source, from, to)) {
      return null;
    }
    FramingRule broken = checkEncoding(source, from, to);
    if (broken != null) {
      return broken;
    }
    if (hasDotSegment()) {
      return FramingRule.DOT_SEGMENT;
    }
    if (normal.length < to - from) {
      normal = new byte[Math.max(256, to - from)];
    }
    normalise(Integer.MAX_VALUE);
    return null;
  }

  private static boolean isPlain(byte[] source, int from, int to) {
    byte last = 0;
    for (int at = from; at < to; at++) {
      byte octet = source[at];
      if (octet == '%' || octet == ';' || octet == '\\') {
        return false;
      }
      if (last == '/' && (octet == '/' || octet == '.')) {
        return false;
      }
      last = octet;
    }
    return true;
  }

  private static FramingRule checkEncoding(byte[] source, int from, int to) {
    for (int at = from; at < to; at++) {
      if (source[at] == '\\') {
        return FramingRule.BACKSLASH_IN_PATH;
      }
      if (source[at] == '%') {
        if (at + 2 >= to || Octets.hex(source[at + 1]) < 0 || Octets.hex(source[at + 2]) < 0) {
          return FramingRule.BAD_PERCENT_ENCODING;
        }
        if (source[at + 1] == '0' && source[at + 2] == '0') {
          return FramingRule.NUL_IN_PATH;
        }
      }
    }
    return null;
  }

  private boolean hasDotSegment() {
    int dots = 0;
    boolean onlyDots = true;
    boolean inParameters = false;
    for (int at = rawStart; at < rawEnd; at += width(at)) {
      int octet = decoded(at);
      if (octet == '/') {
        if (onlyDots && (dots == 1 || dots == 2)) {
          return true;
        }
        dots = 0;
        onlyDots = true;
        inParameters = false;
      } else if (octet == ';') {
        inParameters = true;
      } else if (!inParameters) {
        onlyDots &= octet == '.';
        dots++;
      }
    }
    return onlyDots && (dots == 1 || dots == 2);
  }

  /**
   * Writes the normal form until {@code length} octets of it are complete; answers the raw offset
   * behind them and whatever belongs to them without showing, such as parameters.
   */
  private int normalise(int length) {
    int out = 0;
    int last = -1;
    boolean inParameters = false;
    int at = rawStart;
    for (; at < rawEnd; at += width(at)) {
      int octet = decoded(at);
      if (octet == '/') {
        inParameters = false;
      } else if (octet == ';') {
        inParameters = true;
      }
      boolean shows = !inParameters && (octet != '/' || last != '/');
      if (shows) {
        if (out == length) {
          break;
        }
        normal[out++] = (byte) octet;
        last = octet;
      }
    }
    if (length == Integer.MAX_VALUE) {
      bytes = normal;
      start = 0;
      end = out;
    }
    return at;
  }

  private int width(int at) {
    return raw[at] == '%' ? 3 : 1;
  }

  private int decoded(int at) {
    if (raw[at] != '%') {
      return raw[at];
    }
    int octet = Octets.hex(raw[at + 1]) << 4 | Octets.hex(raw[at + 2]);
    return octet == '\\' ? '/' : octet;
  }
}

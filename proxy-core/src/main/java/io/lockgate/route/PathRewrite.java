package io.lockgate.route;

import io.lockgate.config.model.PathTemplate;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes the path to forward of one that fits an expression. What groups hold is decoded, so it is
 * percent-encoded anew, and slashes are merged: a client's octets can neither end the path nor
 * change what stands around them. What comes of it is checked as a client's path is. Immutable.
 */
public final class PathRewrite {
  private static final int LONGEST = 16 * 1024;

  /** RFC 3986 section 3.3: what stands for itself in a path; no semicolon, which ends a segment. */
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/";

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private final Pattern pattern;
  private final List<PathTemplate.Part> parts;

  private PathRewrite(Pattern pattern, List<PathTemplate.Part> parts) {
    this.pattern = pattern;
    this.parts = parts;
  }

  static PathRewrite of(RouteConfig.Rewrite config) {
    return new PathRewrite(Pattern.compile(config.regex(), Pattern.DOTALL), config.to().parts());
  }

  /**
   * Has the head forwarded with another path, if its own fits.
   *
   * @return false if the other path would be none that is forwarded
   * @throws UndecidedPath where the expression takes too long over the path
   */
  public boolean apply(RequestHead head) {
    Optional<MatchResult> match = BoundedText.match(pattern, head.path().text());
    if (match.isEmpty()) {
      return true;
    }
    Path path = new Path();
    for (PathTemplate.Part part : parts) {
      if (part instanceof PathTemplate.Part.Text text) {
        path.append(text.text(), false);
      } else if (part instanceof PathTemplate.Part.Group group) {
        String held = match.get().group(group.number());
        path.append(held == null ? "" : held, true);
      } else {
        throw new AssertionError(part);
      }
    }
    return path.length <= LONGEST && head.forwardPath(path.octets, path.length);
  }

  /** A path in the making. */
  private static final class Path {
    private byte[] octets = new byte[256];
    private int length;

    void append(String text, boolean decoded) {
      for (int i = 0; i < text.length() && length <= LONGEST; i++) {
        char octet = text.charAt(i);
        if (decoded && PLAIN.indexOf(octet) < 0) {
          put('%');
          put(HEX[octet >> 4 & 15]);
          put(HEX[octet & 15]);
        } else if (octet != '/' || length == 0 || octets[length - 1] != '/') {
          put(octet);
        }
      }
    }

    private void put(int octet) {
      if (length == octets.length) {
        octets = Arrays.copyOf(octets, length * 2);
      }
      octets[length++] = (byte) octet;
    }
  }
}

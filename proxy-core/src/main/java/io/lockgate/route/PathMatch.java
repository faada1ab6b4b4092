package io.lockgate.route;

import io.lockgate.http.PathView;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Compares the normalised path of a request with what a route is for. Immutable. */
sealed interface PathMatch {
  PathMatch ANY = prefix("/");

  boolean matches(PathView path);

  static PathMatch prefix(String path) {
    return new Prefix(PathView.normalised(path));
  }

  static PathMatch exact(String path) {
    return new Exact(PathView.normalised(path));
  }

  static PathMatch regex(String pattern) {
    // With line ends matched by a dot: otherwise /admin.* could be slipped by with a %0a.
    return new Regex(Pattern.compile(pattern, Pattern.DOTALL));
  }

  /** The path itself and what is below it, on segment borders. */
  @SuppressWarnings("ArrayRecordComponent")
  record Prefix(byte[] prefix) implements PathMatch {
    @Override
    public boolean matches(PathView path) {
      int end = path.start() + prefix.length;
      if (end > path.end()
          || !Arrays.equals(path.bytes(), path.start(), end, prefix, 0, prefix.length)) {
        return false;
      }
      return end == path.end() || prefix[prefix.length - 1] == '/' || path.bytes()[end] == '/';
    }
  }

  /** The path and nothing else. */
  @SuppressWarnings("ArrayRecordComponent")
  record Exact(byte[] path) implements PathMatch {
    @Override
    public boolean matches(PathView other) {
      return Arrays.equals(other.bytes(), other.start(), other.end(), path, 0, path.length);
    }
  }

  /** A regular expression that the whole path must match, within bounds. */
  record Regex(Pattern pattern) implements PathMatch {
    @Override
    public boolean matches(PathView path) {
      return BoundedText.match(pattern, path.text()).isPresent();
    }
  }
}

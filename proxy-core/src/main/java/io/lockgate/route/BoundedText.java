package io.lockgate.route;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that may be looked at a bounded number of times. Backtracking, which may take a time that
 * is exponential in the length of the text, looks at characters again and again; so the bound on
 * looks is a bound on time, well below a millisecond. For one comparison, on one thread.
 */
final class BoundedText implements CharSequence {
  private static final int LOOKS = 50_000;
  private static final int LOOKS_PER_CHARACTER = 16;

  private final String text;
  private int left;

  BoundedText(String text) {
    this.text = text;
    this.left = LOOKS + LOOKS_PER_CHARACTER * text.length();
  }

  /**
   * What a whole text gives against an expression; empty where it does not fit.
   *
   * @throws UndecidedPath where that takes too long to find out
   */
  static Optional<MatchResult> match(Pattern pattern, String text) {
    try {
      Matcher matcher = pattern.matcher(new BoundedText(text));
      return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    } catch (StackOverflowError e) {
      // Repeated groups are matched by recursion, so that a long path may need a deep stack.
      throw UndecidedPath.INSTANCE;
    }
  }

  @Override
  public char charAt(int index) {
    if (--left < 0) {
      throw UndecidedPath.INSTANCE;
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}

package io.lockgate.http2;

/**
 * Counts DATA frames in a row that bring nothing and end nothing: they cost the receiver and are
 * bounded by no window. On the connection's event loop.
 */
public final class EmptyFrames {
  private final int most;
  private int inARow;

  public EmptyFrames(int most) {
    this.most = most;
  }

  /** Counts a DATA frame; false if it is one too many. */
  public boolean take(int content, boolean end) {
    if (content > 0 || end) {
      inARow = 0;
      return true;
    }
    return ++inARow <= most;
  }
}

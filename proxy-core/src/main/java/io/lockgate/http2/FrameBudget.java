package io.lockgate.http2;

/**
 * How many frames of one kind a peer may send within a window of time before it is taken for an
 * attacker. On the connection's event loop.
 */
public final class FrameBudget {
  private final int most;
  private final long windowNanos;
  private long windowStart;
  private int count;

  public FrameBudget(int most, long windowNanos, long now) {
    this.most = most;
    this.windowNanos = windowNanos;
    this.windowStart = now;
  }

  /** So many more are allowed in this window, for what was done for the peer. */
  public void allow(int more) {
    count -= more;
  }

  /** Counts a frame; false if it is one too many. */
  public boolean take(long now) {
    if (now - windowStart >= windowNanos) {
      windowStart = now;
      count = 0;
    }
    return ++count <= most;
  }
}

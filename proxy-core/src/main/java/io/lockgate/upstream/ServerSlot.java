package io.lockgate.upstream;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * What one event loop knows of one server: its idle connections, the state of balancing, and
 * whether connecting failed lately. Written by its loop only; counts are read by others for
 * reports, where a stale value does no harm.
 */
final class ServerSlot {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  final UpstreamServer server;

  /** Those that can take another request: unused ones, and shared ones that have room. */
  final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();

  int share;

  /** Connections without a request. */
  int idleCount;

  /** Connections with one request or more. */
  int activeCount;

  /** Requests on them, on this loop. */
  int inFlight;

  long requests;
  boolean down;
  private long downUntilNanos;
  private long pauseNanos;

  ServerSlot(UpstreamServer server) {
    this.server = server;
  }

  /** A request has a stream to the server from now on. */
  void requestBegan() {
    inFlight++;
  }

  /** The stream is given back or gone. */
  void requestEnded() {
    inFlight--;
  }

  /** Whether the server should be left alone for now. */
  boolean paused(long now) {
    return down && now - downUntilNanos < 0;
  }

  void connectFailed(long now) {
    if (paused(now)) {
      return; // Connects that were under way together are one failure, not several in a row.
    }
    pauseNanos = down ? Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS) : FIRST_PAUSE_NANOS;
    downUntilNanos = now + pauseNanos;
    down = true;
  }
}

package io.lockgate.upstream;

import java.util.ArrayList;
import java.util.List;

/**
 * A connection being opened to a server whose connections carry many requests, and those who wait
 * for it: were each to open its own, a burst would leave as many connections as requests. On one
 * event loop.
 */
final class SharedOpening<W> {
  /** What a server may be trusted to allow at a time (RFC 9113 section 6.5.2). */
  private static final int MOST_WAITING = 100;

  private final List<W> waiting = new ArrayList<>();

  /** Whether another one can hope to be served by the same connection. */
  boolean hasRoom() {
    return waiting.size() < MOST_WAITING;
  }

  void join(W waiter) {
    waiting.add(waiter);
  }

  /** In the order in which they came. */
  List<W> waiting() {
    return waiting;
  }
}

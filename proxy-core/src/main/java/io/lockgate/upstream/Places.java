package io.lockgate.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections an upstream may have over all event loops, and how many requests may wait
 * for one. From any thread.
 */
final class Places {
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final int maxConnections;
  private final int maxWaiting;

  Places(int maxConnections, int maxWaiting) {
    this.maxConnections = maxConnections;
    this.maxWaiting = maxWaiting;
  }

  boolean reserveConnection() {
    return reserve(connections, maxConnections);
  }

  /** Who waits must be told apart from this: see {@link UpstreamPool#releaseConnection}. */
  void releaseConnection() {
    connections.decrementAndGet();
  }

  boolean reserveWaiting() {
    return reserve(waiting, maxWaiting);
  }

  void releaseWaiting() {
    waiting.decrementAndGet();
  }

  private static boolean reserve(AtomicInteger count, int bound) {
    while (true) {
      int now = count.get();
      if (now >= bound) {
        return false;
      }
      if (count.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Connections open or being opened, whatever they do. */
  int connections() {
    return connections.get();
  }

  int waiting() {
    return waiting.get();
  }

  /** Whether requests wait while all connections are taken. */
  boolean contended() {
    return waiting.get() > 0 && connections.get() >= maxConnections;
  }
}

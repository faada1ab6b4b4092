package io.lockgate.limit;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts client connections of the whole process and of each client, against bounds. Touched once
 * when a connection opens and once when it closes; safe on any thread.
 */
public final class ConnectionCount {
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

  /** Why a connection is not admitted; metric label {@code reason}. */
  public enum Verdict {
    ADMITTED(""),
    TOO_MANY("max_connections"),
    TOO_MANY_OF_CLIENT("max_connections_per_client");

    private final String label;

    Verdict(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * Counts a connection if it is within the bounds.
   *
   * @param mostPerClient 0 means no bound
   */
  public Verdict admit(InetAddress client, int most, int mostPerClient) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      return Verdict.TOO_MANY;
    }
    // Counted even without a bound: a reload may bring one while the connection lives.
    int ofClient = perClient.merge(client, 1, Integer::sum);
    if (mostPerClient > 0 && ofClient > mostPerClient) {
      release(client);
      return Verdict.TOO_MANY_OF_CLIENT;
    }
    return Verdict.ADMITTED;
  }

  /** An admitted connection has closed. */
  public void release(InetAddress client) {
    open.decrementAndGet();
    perClient.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Connections open now. */
  public int open() {
    return open.get();
  }
}

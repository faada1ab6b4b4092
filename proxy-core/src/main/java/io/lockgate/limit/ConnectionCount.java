package io.lockgate.limit;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts client connections of the whole process, of each listener and of each client, against
 * bounds. Touched when a connection opens, when its client is known and when it closes; safe on any
 * thread.
 */
public final class ConnectionCount {
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<String, AtomicInteger> perListener = new ConcurrentHashMap<>();
  private final ConcurrentMap<ClientNetwork, Integer> perClient = new ConcurrentHashMap<>();

  /** Why a connection is not admitted; metric label {@code reason}. */
  public enum Verdict {
    ADMITTED(""),
    TOO_MANY("max_connections"),
    TOO_MANY_OF_LISTENER("max_connections_of_listener"),
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
   * @param mostOfListener 0 means no bound
   */
  public Verdict admit(String listener, int most, int mostOfListener) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      return Verdict.TOO_MANY;
    }
    // Counted even without a bound: a reload may bring one while the connection lives.
    int ofListener =
        perListener.computeIfAbsent(listener, unseen -> new AtomicInteger()).incrementAndGet();
    if (mostOfListener > 0 && ofListener > mostOfListener) {
      release(listener);
      return Verdict.TOO_MANY_OF_LISTENER;
    }
    return Verdict.ADMITTED;
  }

  /**
   * Counts an admitted connection for its client, if that is within the bound.
   *
   * @param mostPerClient 0 means no bound
   */
  public Verdict admitClient(InetAddress client, int mostPerClient) {
    ClientNetwork network = ClientNetwork.of(client);
    int ofClient = perClient.merge(network, 1, Integer::sum);
    if (mostPerClient > 0 && ofClient > mostPerClient) {
      release(network);
      return Verdict.TOO_MANY_OF_CLIENT;
    }
    return Verdict.ADMITTED;
  }

  /** An admitted connection has closed. */
  public void release(String listener) {
    open.decrementAndGet();
    perListener.get(listener).decrementAndGet();
  }

  /** So has one that was admitted for its client. */
  public void releaseClient(InetAddress client) {
    release(ClientNetwork.of(client));
  }

  private void release(ClientNetwork network) {
    perClient.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Connections open now. */
  public int open() {
    return open.get();
  }
}

package io.lockgate.client;

import io.lockgate.snapshot.CurrentSnapshot;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What all client connections of one event loop share, and the list of them. On its loop only, but
 * for what the list's owner schedules there.
 */
public final class ClientLoop {
  private static final long MUCH_UNREAD = 32 * 1024;

  private final CurrentSnapshot current;
  private final RequestHeads heads = new RequestHeads();
  private final HttpDate date = new HttpDate();
  private ClientConnection first;
  private int open;
  private boolean throttled;

  public ClientLoop(CurrentSnapshot current) {
    this.current = current;
  }

  CurrentSnapshot current() {
    return current;
  }

  RequestHeads heads() {
    return heads;
  }

  HttpDate date() {
    return date;
  }

  /** Lists a connection, so that {@link #close} reaches it. */
  public void add(ClientConnection connection) {
    connection.next = first;
    if (first != null) {
      first.previous = connection;
    }
    first = connection;
    open++;
    if (throttled) {
      connection.throttle(true);
    }
  }

  /** Takes a connection that has ended off the list. */
  public void remove(ClientConnection connection) {
    if (connection.previous != null) {
      connection.previous.next = connection.next;
    } else if (first == connection) {
      first = connection.next;
    } else {
      return;
    }
    if (connection.next != null) {
      connection.next.previous = connection.previous;
    }
    connection.previous = null;
    connection.next = null;
    open--;
  }

  /** Shows every connection listed to somebody who ends none. */
  public void forEach(Consumer<ClientConnection> visitor) {
    for (ClientConnection c = first; c != null; c = c.next) {
      visitor.accept(c);
    }
  }

  /** Connections listed now. */
  public int open() {
    return open;
  }

  /** Has connections hold less of what their clients do not take, or as much as ever. */
  public void throttle(boolean on) {
    throttled = on;
    for (ClientConnection c = first; c != null; c = c.next) {
      c.throttle(on);
    }
  }

  /**
   * Closes connections at once that hold about so many bytes together: those whose clients leave
   * much unread, then the newest. Answers how many.
   */
  public int free(long bytes) {
    int closed = 0;
    long freed = 0;
    for (long least = MUCH_UNREAD; least >= 0 && freed < bytes; least -= MUCH_UNREAD) {
      ClientConnection connection = first;
      while (connection != null && freed < bytes) {
        ClientConnection following = connection.next;
        long pending = connection.pendingBytes();
        if (pending >= least) {
          freed += Math.max(pending, MUCH_UNREAD);
          closed++;
          connection.close(CloseRequest.FORCED);
        }
        connection = following;
      }
    }
    return closed;
  }

  /** Asks every connection that {@code which} accepts to end. */
  public void close(CloseRequest request, Predicate<ClientConnection> which) {
    ClientConnection connection = first;
    while (connection != null) {
      ClientConnection following = connection.next;
      if (which.test(connection)) {
        connection.close(request);
      }
      connection = following;
    }
  }
}

package io.lockgate.client;

import io.lockgate.exchange.ExchangeTerms;
import io.lockgate.snapshot.CurrentSnapshot;
import java.util.function.Predicate;

/**
 * What all client connections of one event loop share, and the list of them. On its loop only, but
 * for what the list's owner schedules there.
 */
public final class ClientLoop {
  private final ExchangeTerms terms;
  private final CurrentSnapshot current;
  private final RequestHeads heads = new RequestHeads();
  private final HttpDate date = new HttpDate();
  private ClientConnection first;
  private int open;

  public ClientLoop(ExchangeTerms terms, CurrentSnapshot current) {
    this.terms = terms;
    this.current = current;
  }

  ExchangeTerms terms() {
    return terms;
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

  /** Connections listed now. */
  public int open() {
    return open;
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

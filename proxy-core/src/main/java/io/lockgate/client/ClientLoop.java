package io.lockgate.client;

import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeTerms;
import io.lockgate.exchange.RequestIds;
import io.lockgate.exchange.Tracer;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.loop.Loop;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.HttpTerms;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.upstream.UpstreamListener;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What all client connections of one event loop share, and the list of them. On its loop only, but
 * for what the list's owner schedules there.
 */
public final class ClientLoop {
  private static final long MUCH_UNREAD = 32 * 1024;

  private final Loop loop;
  private final ExchangeListener exchanges;
  private final UpstreamListener upstreams;
  private final RequestIds requestIds;
  private final Function<Snapshot, Tracer> tracers;
  private final CurrentSnapshot current;
  private final MemoryPressure memory;
  private final RequestHeads heads = new RequestHeads();
  private final HttpDate date = new HttpDate();
  private ExchangeTerms terms;
  private long termsGeneration;
  private ClientConnection first;
  private int open;
  private boolean throttled;

  /**
   * @param tracers what traces the requests of connections that come in while a snapshot serves
   */
  public ClientLoop(
      Loop loop,
      ExchangeListener exchanges,
      UpstreamListener upstreams,
      RequestIds requestIds,
      Function<Snapshot, Tracer> tracers,
      CurrentSnapshot current,
      MemoryPressure memory) {
    this.loop = loop;
    this.exchanges = exchanges;
    this.upstreams = upstreams;
    this.requestIds = requestIds;
    this.tracers = tracers;
    this.current = current;
    this.memory = memory;
  }

  /** The terms of exchanges on connections that come in while {@code snapshot} serves. */
  public ExchangeTerms terms(Snapshot snapshot) {
    if (terms == null || termsGeneration != snapshot.generation()) {
      HttpTerms http = snapshot.http();
      terms =
          new ExchangeTerms(
              loop,
              exchanges,
              upstreams,
              memory,
              requestIds,
              http.requestIdField(),
              http.requestIdField().toString(),
              http.config().requestId().trustClient(),
              tracers.apply(snapshot));
      termsGeneration = snapshot.generation();
    }
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

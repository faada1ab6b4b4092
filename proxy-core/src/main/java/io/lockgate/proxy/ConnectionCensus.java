package io.lockgate.proxy;

import io.lockgate.client.ClientConnection;
import io.lockgate.client.ClientLoop;
import io.lockgate.loop.Loop;
import io.lockgate.loop.Loops;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the open client connections by what they have in common. Each loop counts its own in one
 * turn; whoever asks waits for them, so never on a loop.
 */
final class ConnectionCensus {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionCensus.class);

  /** For all loops together; one that does not turn for so long has more to worry about. */
  private static final int PATIENCE_SECONDS = 5;

  private final Loops loops;
  private final List<ClientLoop> clients;
  private final Consumer<CompletableFuture<?>> patience;

  ConnectionCensus(Loops loops, List<ClientLoop> clients) {
    this(loops, clients, ConnectionCensus::await);
  }

  /**
   * @param patience waits, but not for ever, until all loops have answered
   */
  ConnectionCensus(Loops loops, List<ClientLoop> clients, Consumer<CompletableFuture<?>> patience) {
    this.loops = loops;
    this.clients = clients;
    this.patience = patience;
  }

  /** The largest groups first; without those of loops that do not turn. */
  List<ConnectionsView> take() {
    List<CompletableFuture<Map<Kind, Group>>> asked = new ArrayList<>();
    for (Loop loop : loops.all()) {
      CompletableFuture<Map<Kind, Group>> answer = new CompletableFuture<>();
      ClientLoop own = clients.get(loop.index());
      loop.executor().execute(() -> answer.complete(count(own, loop.nanoTime())));
      asked.add(answer);
    }
    Map<Kind, Group> all = new HashMap<>();
    patience.accept(CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new)));
    for (CompletableFuture<Map<Kind, Group>> answer : asked) {
      answer
          .getNow(Map.of())
          .forEach((kind, group) -> all.computeIfAbsent(kind, none -> new Group()).add(group));
    }
    return all.entrySet().stream()
        .map(entry -> view(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingLong(ConnectionsView::open)
                .reversed()
                .thenComparing(ConnectionsView::listener)
                .thenComparing(ConnectionsView::host)
                .thenComparing(ConnectionsView::protocol))
        .toList();
  }

  private static Map<Kind, Group> count(ClientLoop clients, long nowNanos) {
    Map<Kind, Group> groups = new HashMap<>();
    clients.forEach(
        connection ->
            groups
                .computeIfAbsent(Kind.of(connection), none -> new Group())
                .add(1, nowNanos - connection.sinceNanos(), connection.facts().clientAddress()));
    return groups;
  }

  private static void await(CompletableFuture<?> answers) {
    try {
      answers.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn("an event loop does not count its connections within {} s", PATIENCE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static ConnectionsView view(Kind kind, Group group) {
    return new ConnectionsView(
        kind.listener(),
        kind.host(),
        kind.protocol(),
        group.open,
        group.oldestNanos / 1e9,
        group.oldestClient);
  }

  private record Kind(String listener, String host, String protocol) {
    static Kind of(ClientConnection connection) {
      return new Kind(connection.listener(), connection.host(), connection.protocol());
    }
  }

  /** Written by one loop, then handed over. */
  private static final class Group {
    private long open;
    private long oldestNanos;
    private String oldestClient = "";

    void add(Group other) {
      add(other.open, other.oldestNanos, other.oldestClient);
    }

    void add(long more, long ageNanos, String client) {
      if (open == 0 || ageNanos > oldestNanos) {
        oldestNanos = ageNanos;
        oldestClient = client;
      }
      open += more;
    }
  }
}

package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Loop;
import io.netty.bootstrap.Bootstrap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one upstream on one event loop, without locks: every method runs on that loop.
 * Which server is next is the {@link ServerPicker}'s business.
 */
final class LoopConnections {
  /** So many retries are granted in a row to an upstream with little traffic. */
  private static final double MOST_RETRIES_AT_ONCE = 32;

  private static final List<ServerSlot> NONE_TRIED = List.of();

  private final Loop loop;
  private final UpstreamPool pool;
  private final ServerConnector connector;
  private final ServerSlot[] slots;
  private final ServerPicker picker;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private final double retryShare;
  private final boolean triesOthers;
  private double retryBudget;
  private boolean retired;

  LoopConnections(Loop loop, UpstreamPool pool, List<UpstreamServer> servers, Bootstrap bootstrap) {
    this.loop = loop;
    this.pool = pool;
    this.connector = new ServerConnector(this, bootstrap);
    this.retryShare = pool.config().retry().budgetPercent() / 100.0;
    this.retryBudget = retryShare > 0 ? MOST_RETRIES_AT_ONCE : 0;
    UpstreamConfig.Retry retry = pool.config().retry();
    this.triesOthers =
        retry.attempts() > 0 && retry.on().contains(UpstreamConfig.Retry.Condition.CONNECT_FAILURE);
    this.slots = new ServerSlot[servers.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new ServerSlot(servers.get(i));
    }
    this.picker = new ServerPicker(slots, loop);
  }

  Loop loop() {
    return loop;
  }

  UpstreamPool pool() {
    return pool;
  }

  ServerSlot[] slots() {
    return slots;
  }

  boolean retired() {
    return retired;
  }

  void open(UpstreamEvents events, RequestFacts facts, Attempt attempt) {
    retryBudget = Math.min(retryBudget + retryShare, MOST_RETRIES_AT_ONCE);
    ServerSlot slot = picker.pick(facts, attempt.avoid(), NONE_TRIED);
    UpstreamConnection connection = attempt.fresh() ? null : takeIdle(slot);
    if (connection != null) {
      hand(connection, events);
      return;
    }
    if (pool.reserveConnection()) {
      connect(new Waiter(events, facts), slot);
      return;
    }
    // At the bound: an idle connection to another server is better than waiting.
    connection = attempt.fresh() ? null : takeAnyIdle();
    if (connection != null) {
      hand(connection, events);
    } else if (pool.reserveWaiting() || (dropUnwanted() && pool.reserveWaiting())) {
      enqueue(new Waiter(events, facts));
    } else {
      events.notOpened(UpstreamFailure.QUEUE_FULL, "");
    }
  }

  /** Whether the budget has a retry left, which is taken with this. */
  boolean takeRetry() {
    if (retryBudget < 1) {
      return false;
    }
    retryBudget--;
    return true;
  }

  private void hand(UpstreamConnection connection, UpstreamEvents events) {
    UpstreamStream stream = connection.begin(events);
    if (connection.shared() && connection.usable()) {
      connection.slot().idle.addLast(connection);
    }
    events.opened(stream);
  }

  private UpstreamConnection takeIdle(ServerSlot slot) {
    while (true) {
      UpstreamConnection connection = slot.idle.pollLast();
      if (connection == null) {
        return null;
      }
      if (connection.usable()) {
        return connection;
      }
      connection.close();
    }
  }

  private UpstreamConnection takeAnyIdle() {
    for (ServerSlot slot : slots) {
      UpstreamConnection connection = takeIdle(slot);
      if (connection != null) {
        return connection;
      }
    }
    return null;
  }

  private void enqueue(Waiter waiter) {
    waiters.add(waiter);
    loop.deadlines().arm(waiter, pool.config().maxWait());
    // A place that became free before this request was counted as waiting has woken nobody.
    serveWaiters();
    if (!waiters.isEmpty()) {
      pool.reclaimIdle(loop);
    }
  }

  /** Requests given up while they waited take no place from others. */
  private boolean dropUnwanted() {
    return waiters.removeIf(
        waiter -> {
          boolean unwanted = !waiter.events.wanted();
          if (unwanted) {
            dropWaiter(waiter);
          }
          return unwanted;
        });
  }

  /** Serves who waits longest, with a connection of this loop or a place in the bound. */
  void serveWaiters() {
    while (!waiters.isEmpty()) {
      if (!waiters.peek().events.wanted()) {
        dropWaiter(waiters.poll());
        continue;
      }
      UpstreamConnection connection = takeAnyIdle();
      if (connection != null) {
        Waiter waiter = waiters.poll();
        dropWaiter(waiter);
        hand(connection, waiter.events);
      } else if (pool.reserveConnection()) {
        Waiter waiter = waiters.poll();
        dropWaiter(waiter);
        connect(waiter, picker.pick(waiter.facts, "", waiter.tried));
      } else {
        return;
      }
    }
  }

  private void dropWaiter(Waiter waiter) {
    loop.deadlines().disarm(waiter);
    pool.releaseWaiting();
  }

  /** Gives up one idle connection so that another loop may open one. */
  void closeOneIdle() {
    if (!pool.wantedElsewhere()) {
      return;
    }
    for (ServerSlot slot : slots) {
      for (UpstreamConnection connection : slot.idle) {
        if (connection.unused()) {
          connection.close();
          return;
        }
      }
    }
  }

  private void connect(Waiter waiter, ServerSlot slot) {
    waiter.tried.add(slot);
    waiter.asked = slot;
    connector.connect(slot, waiter);
  }

  private void connected(Waiter waiter, UpstreamConnection connection) {
    connection.slot().down = false;
    if (waiter.events.wanted()) {
      hand(connection, waiter.events);
    } else {
      release(connection);
    }
  }

  private void notConnected(
      Waiter waiter, ServerSlot slot, UpstreamFailure failure, String reason) {
    slot.connectFailed(loop.nanoTime());
    pool.connectFailed(slot.server, reason);
    boolean again =
        triesOthers && failure != UpstreamFailure.CONNECT_TIMEOUT && waiter.events.wanted();
    ServerSlot next = again ? picker.pick(waiter.facts, "", waiter.tried) : null;
    if (next != null) {
      connect(waiter, next);
      return;
    }
    pool.releaseConnection(loop);
    waiter.events.notOpened(failure, slot.server.label());
  }

  /**
   * Takes back a connection that can carry another request; its slot no longer counts it active.
   */
  void release(UpstreamConnection connection) {
    ServerSlot slot = connection.slot();
    boolean givenUp = connection.unused() && waiters.isEmpty() && pool.wantedElsewhere();
    if (retired || !connection.usable() || givenUp) {
      connection.retire();
      return;
    }
    slot.idle.addLast(connection);
    connection.rest();
    if (!waiters.isEmpty()) {
      serveWaiters();
    }
  }

  /** A connection that may stand in the pool is gone, or takes no further request. */
  void forget(UpstreamConnection connection) {
    connection.slot().idle.removeLastOccurrence(connection);
  }

  void retire() {
    retired = true;
    for (ServerSlot slot : slots) {
      UpstreamConnection connection;
      while ((connection = takeIdle(slot)) != null) {
        connection.retire();
      }
    }
  }

  /** A request that waits for a connection, or for a connect to succeed. */
  private final class Waiter extends Deadline implements ServerConnector.Outcome {
    private final UpstreamEvents events;
    private final RequestFacts facts;
    private final List<ServerSlot> tried = new ArrayList<>(2);
    private ServerSlot asked;

    private Waiter(UpstreamEvents events, RequestFacts facts) {
      this.events = events;
      this.facts = facts;
    }

    @Override
    public void connected(UpstreamConnection connection) {
      LoopConnections.this.connected(this, connection);
    }

    @Override
    public void notConnected(UpstreamFailure failure, String reason) {
      LoopConnections.this.notConnected(this, asked, failure, reason);
    }

    @Override
    protected void expired() {
      if (waiters.remove(this)) {
        pool.releaseWaiting();
        events.notOpened(UpstreamFailure.WAIT_TIMEOUT, "");
      }
    }
  }
}

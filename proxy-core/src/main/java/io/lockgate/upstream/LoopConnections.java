package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Loop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
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
  private final Bootstrap bootstrap;
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
    this.bootstrap = bootstrap;
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
    Http1UpstreamConnection connection = attempt.fresh() ? null : takeIdle(slot);
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

  private void hand(Http1UpstreamConnection connection, UpstreamEvents events) {
    connection.lend(events);
    events.opened(connection);
  }

  private Http1UpstreamConnection takeIdle(ServerSlot slot) {
    while (true) {
      Http1UpstreamConnection connection = slot.idle.pollLast();
      if (connection == null) {
        return null;
      }
      slot.idleCount = slot.idle.size();
      if (connection.usable()) {
        return connection;
      }
      connection.close();
    }
  }

  private Http1UpstreamConnection takeAnyIdle() {
    for (ServerSlot slot : slots) {
      Http1UpstreamConnection connection = takeIdle(slot);
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
      Http1UpstreamConnection connection = takeAnyIdle();
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
    Http1UpstreamConnection connection = pool.wantedElsewhere() ? takeAnyIdle() : null;
    if (connection != null) {
      connection.close();
    }
  }

  private void connect(Waiter waiter, ServerSlot slot) {
    waiter.tried.add(slot);
    var connection = new Http1UpstreamConnection(this, slot);
    ChannelFuture future =
        bootstrap.clone().handler(connection).connect(slot.server.socketAddress());
    if (future.isDone()) {
      connected(waiter, slot, connection, future);
    } else {
      future.addListener(done -> connected(waiter, slot, connection, future));
    }
  }

  private void connected(
      Waiter waiter, ServerSlot slot, Http1UpstreamConnection connection, ChannelFuture future) {
    if (future.isSuccess()) {
      slot.down = false;
      if (waiter.events.wanted()) {
        hand(connection, waiter.events);
      } else {
        release(connection);
      }
      return;
    }
    slot.connectFailed(loop.nanoTime());
    pool.connectFailed(slot.server, future.cause());
    boolean timeout = future.cause() instanceof ConnectTimeoutException;
    boolean again = triesOthers && !timeout && waiter.events.wanted();
    ServerSlot next = again ? picker.pick(waiter.facts, "", waiter.tried) : null;
    if (next != null) {
      connect(waiter, next);
      return;
    }
    pool.releaseConnection(loop);
    waiter.events.notOpened(
        timeout ? UpstreamFailure.CONNECT_TIMEOUT : UpstreamFailure.CONNECT_FAILED,
        slot.server.label());
  }

  /**
   * Takes back a connection that can carry another request; its slot no longer counts it active.
   */
  void release(Http1UpstreamConnection connection) {
    ServerSlot slot = connection.slot();
    if (retired || !connection.usable() || (waiters.isEmpty() && pool.wantedElsewhere())) {
      connection.close();
      return;
    }
    slot.idle.addLast(connection);
    slot.idleCount = slot.idle.size();
    connection.rest();
    if (!waiters.isEmpty()) {
      serveWaiters();
    }
  }

  /** An idle connection was closed by the server or by its idle timeout. */
  void forget(Http1UpstreamConnection connection) {
    ServerSlot slot = connection.slot();
    if (slot.idle.removeLastOccurrence(connection)) {
      slot.idleCount = slot.idle.size();
    }
  }

  void retire() {
    retired = true;
    for (ServerSlot slot : slots) {
      Http1UpstreamConnection connection;
      while ((connection = takeIdle(slot)) != null) {
        connection.close();
      }
    }
  }

  /** A request that waits for a connection, or for a connect to succeed. */
  private final class Waiter extends Deadline {
    private final UpstreamEvents events;
    private final RequestFacts facts;
    private final List<ServerSlot> tried = new ArrayList<>(2);

    private Waiter(UpstreamEvents events, RequestFacts facts) {
      this.events = events;
      this.facts = facts;
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

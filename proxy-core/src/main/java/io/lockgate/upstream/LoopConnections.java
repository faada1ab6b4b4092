package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Loop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The connections of one upstream on one event loop, without locks: every method runs on that loop.
 * Which server is next is the {@link ServerPicker}'s business.
 */
final class LoopConnections {
  /** A server that takes no connection in time costs patience; nobody waits for a third. */
  private static final int MOST_TIMEOUTS = 2;

  /** A connect is dear beside a request, so a loop with requests of its own gives up few places. */
  private static final int MOST_KEPT_IN_A_ROW = 16;

  private static final List<ServerSlot> NONE_TRIED = List.of();

  private final Loop loop;
  private final UpstreamPool pool;
  private final Places places;
  private final ServerConnector connector;
  private final Outcomes outcomes;
  private final ServerPicker picker;
  private final RetryBudget retryBudget;
  private final IdleConnections idle;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  /** By server; empty where connections are not shared. */
  private final Map<ServerSlot, SharedOpening<Waiter>> openings = new HashMap<>();

  private final boolean multiplexed;
  private final boolean triesOthers;

  /** Replaced as a whole, since reports read it from other threads. */
  private volatile ServerSlot[] slots = {};

  private boolean retired;
  private int keptInARow;

  LoopConnections(
      Loop loop, UpstreamPool pool, Dialer dialer, Outcomes outcomes, ServerPicker picker) {
    this.loop = loop;
    this.pool = pool;
    this.places = pool.places();
    this.connector = new ServerConnector(this, dialer);
    this.outcomes = outcomes;
    this.picker = picker;
    this.multiplexed = pool.config().protocol() != UpstreamConfig.Protocol.HTTP_1_1;
    this.idle = new IdleConnections(pool);
    this.retryBudget = new RetryBudget(pool.config().retry());
    this.triesOthers = pool.retryTerms().connectElsewhere();
  }

  /** The servers are others from now on; requests at those that are gone may end. */
  void follow(ServerSet set) {
    ServerSlot[] before = slots;
    ServerSlot[] after = new ServerSlot[set.servers().size()];
    for (int i = 0; i < after.length; i++) {
      after[i] = slotOf(set.servers().get(i), before);
    }
    picker.follow(set, after);
    slots = after;
    for (ServerSlot slot : before) {
      if (!List.of(after).contains(slot)) {
        slot.removed = true;
        idle.retire(slot);
      }
    }
  }

  private ServerSlot slotOf(UpstreamServer server, ServerSlot[] known) {
    for (ServerSlot slot : known) {
      if (slot.server == server) {
        return slot;
      }
    }
    return new ServerSlot(server, outcomes);
  }

  Loop loop() {
    return loop;
  }

  UpstreamPool pool() {
    return pool;
  }

  ServerConnector connector() {
    return connector;
  }

  ServerSlot[] slots() {
    return slots;
  }

  boolean retired() {
    return retired;
  }

  void open(UpstreamEvents events, RequestFacts facts, Attempt attempt) {
    retryBudget.requestCame();
    ServerSlot slot = picker.pick(facts, attempt.avoid(), NONE_TRIED);
    if (slot == null) {
      events.notOpened(pool.whyNoServer(), "");
      return;
    }
    UpstreamConnection connection = attempt.fresh() ? null : idle.take(slot, facts);
    if (connection != null) {
      hand(connection, events);
    } else {
      obtain(new RequestWaiter(this, events, facts, attempt, slot), slot);
    }
  }

  /** The same for a connection of the asker's own, over which bytes go as they come. */
  void openRaw(RawEvents events, RequestFacts facts, boolean postgres) {
    ServerSlot slot = picker.pick(facts, "", NONE_TRIED);
    if (slot == null) {
      events.notOpened(pool.whyNoServer(), "");
    } else {
      obtain(new RawWaiter(this, events, facts, slot, postgres), slot);
    }
  }

  private void obtain(Waiter waiter, ServerSlot slot) {
    if (joins(waiter, slot)) {
      return;
    }
    if (places.reserveConnection()) {
      connect(waiter, slot);
      return;
    }
    UpstreamConnection connection = idleFor(waiter);
    if (connection != null) {
      waiter.take(connection);
    } else if (places.reserveConnection()) {
      connect(waiter, slot);
    } else if (places.reserveWaiting() || (dropUnwanted() && places.reserveWaiting())) {
      enqueue(waiter);
    } else {
      waiter.events.notOpened(UpstreamFailure.QUEUE_FULL, "");
    }
  }

  /** Whether the budget has a retry left, which is taken with this. */
  boolean takeRetry() {
    return retryBudget.take();
  }

  static void hand(UpstreamConnection connection, UpstreamEvents events) {
    events.opened(connection.begin(events));
  }

  /**
   * At the bound: an idle connection to another server is better than waiting. A request that wants
   * its own server, or a new connection, has one closed in its favour instead.
   */
  private UpstreamConnection idleFor(Waiter waiter) {
    if (!pool.affine() && !pool.announces() && !waiter.attempt.fresh()) {
      return idle.takeAny(slots);
    }
    UpstreamConnection connection =
        waiter.attempt.fresh() || waiter.wanted.removed
            ? null
            : idle.take(waiter.wanted, waiter.facts);
    if (connection == null) {
      idle.closeUnused(slots);
    }
    return connection;
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
      UpstreamConnection connection = idleFor(waiters.peek());
      if (connection != null) {
        Waiter waiter = waiters.poll();
        dropWaiter(waiter);
        waiter.take(connection);
      } else if (places.reserveConnection()) {
        Waiter waiter = waiters.poll();
        dropWaiter(waiter);
        connectOrFail(waiter);
      } else {
        return;
      }
    }
  }

  private void connectOrFail(Waiter waiter) {
    ServerSlot slot = picker.pick(waiter.facts, waiter.attempt.avoid(), waiter.tried);
    if (slot == null) {
      pool.releaseConnection(loop);
      waiter.events.notOpened(pool.whyNoServer(), "");
    } else {
      connect(waiter, slot);
    }
  }

  /** A request's patience has ended while it waited for a place. */
  void waitedTooLong(Waiter waiter) {
    if (waiters.remove(waiter)) {
      places.releaseWaiting();
      waiter.events.notOpened(UpstreamFailure.WAIT_TIMEOUT, "");
    }
  }

  private void dropWaiter(Waiter waiter) {
    loop.deadlines().disarm(waiter);
    places.releaseWaiting();
  }

  /** Gives up one idle connection so that another loop may open one. */
  void closeOneIdle() {
    if (places.contended()) {
      idle.closeUnused(slots);
    }
  }

  /** Closes what is idle at a server that an operator keeps from requests. */
  void retireIdleAt(UpstreamServer server) {
    for (ServerSlot slot : slots) {
      if (slot.server == server) {
        idle.retire(slot);
      }
    }
  }

  /** Whether the request can wait for a connection that is being opened for another one. */
  private boolean joins(Waiter waiter, ServerSlot slot) {
    SharedOpening<Waiter> opening = openings.get(slot);
    if (opening == null || slot.http1 || !opening.hasRoom() || waiter.attempt.fresh()) {
      return false;
    }
    waiter.tried.add(slot);
    waiter.asked = slot;
    opening.join(waiter);
    return true;
  }

  private void connect(Waiter waiter, ServerSlot slot) {
    waiter.tried.add(slot);
    waiter.asked = slot;
    if (multiplexed && !waiter.attempt.overHttp1() && !openings.containsKey(slot)) {
      openings.put(slot, new SharedOpening<>());
      waiter.first = true;
    }
    ServerSlot rival = AddressRace.rivalOf(slot, slots, waiter.attempt.avoid(), waiter.tried);
    if (rival == null) {
      waiter.dial(slot, waiter);
    } else {
      new AddressRace(loop.deadlines(), waiter, slot, rival, waiter).start();
    }
  }

  private List<Waiter> closeOpening(Waiter waiter) {
    if (!waiter.first) {
      return List.of();
    }
    waiter.first = false;
    return openings.remove(waiter.asked).waiting();
  }

  void connected(Waiter waiter, UpstreamConnection connection) {
    ServerSlot slot = connection.slot();
    slot.server.standing().reached(loop.nanoTime());
    List<Waiter> others = closeOpening(waiter);
    if (waiter.events.wanted()) {
      waiter.take(connection);
    } else {
      release(connection);
    }
    for (Waiter other : others) {
      if (other.events.wanted()) {
        serve(other, connection);
      }
    }
  }

  private void serve(Waiter waiter, UpstreamConnection connection) {
    if (connection.shared() && connection.usable()) {
      waiter.take(connection);
    } else {
      waiter.tried.clear();
      place(waiter, connection.slot());
    }
  }

  /** Finds another way to a server for a request that waited in vain for a connection. */
  private void place(Waiter waiter, ServerSlot slot) {
    UpstreamConnection connection = idle.take(slot);
    if (connection != null) {
      waiter.take(connection);
    } else if (!joins(waiter, slot)) {
      if (places.reserveConnection()) {
        connect(waiter, slot);
      } else if (places.reserveWaiting()) {
        enqueue(waiter);
      } else {
        waiter.events.notOpened(UpstreamFailure.QUEUE_FULL, "");
      }
    }
  }

  void notConnected(Waiter waiter, ServerSlot slot, UpstreamFailure failure, String reason) {
    List<Waiter> others = closeOpening(waiter);
    connectFailed(slot, failure, reason);
    for (Waiter other : others) {
      other.timeouts += failure == UpstreamFailure.CONNECT_TIMEOUT ? 1 : 0;
      tryAnother(other, slot, failure);
    }
    waiter.timeouts += failure == UpstreamFailure.CONNECT_TIMEOUT ? 1 : 0;
    boolean again =
        triesOthers(waiter)
            && waiter.events.wanted()
            && failure != UpstreamFailure.WEBSOCKET_NOT_OFFERED;
    ServerSlot next =
        again ? picker.pick(waiter.facts, waiter.attempt.avoid(), waiter.tried) : null;
    if (next != null) {
      connect(waiter, next);
      return;
    }
    pool.releaseConnection(loop);
    waiter.events.notOpened(failure, slot.server.label());
  }

  void connectFailed(ServerSlot slot, UpstreamFailure failure, String reason) {
    if (failure == UpstreamFailure.WEBSOCKET_NOT_OFFERED) {
      // It serves all other requests, which a client must not be able to deny them.
      return;
    }
    slot.server.standing().connectFailed(told(failure) + reason, loop.nanoTime());
    slot.failed(failure, false);
  }

  /** The same for one who holds no place in the bound. */
  private void tryAnother(Waiter waiter, ServerSlot failed, UpstreamFailure failure) {
    if (!waiter.events.wanted()) {
      return;
    }
    boolean again = triesOthers(waiter);
    ServerSlot next =
        again ? picker.pick(waiter.facts, waiter.attempt.avoid(), waiter.tried) : null;
    if (next == null) {
      waiter.events.notOpened(failure, failed.server.label());
    } else {
      place(waiter, next);
    }
  }

  private boolean triesOthers(Waiter waiter) {
    return waiter.timeouts < MOST_TIMEOUTS && waiter.facts.connectsElsewhere(triesOthers);
  }

  private static String told(UpstreamFailure failure) {
    return switch (failure) {
      case TLS_VERIFY_FAILED, TLS_HANDSHAKE_FAILED, WRONG_PROTOCOL ->
          failure.name().toLowerCase(Locale.ROOT) + ": ";
      default -> "cannot connect: ";
    };
  }

  /**
   * Takes back a connection that can carry another request; its slot no longer counts it active.
   */
  void release(UpstreamConnection connection) {
    ServerSlot slot = connection.slot();
    boolean givenUp = connection.unused() && othersTurn();
    if (retired || slot.removed || !connection.usable() || givenUp) {
      connection.retire();
      return;
    }
    slot.idle.addLast(connection);
    connection.rest();
    if (!waiters.isEmpty()) {
      serveWaiters();
    }
  }

  /**
   * Whether the place should go to a request that waits on another loop: at once where nobody waits
   * here, and now and then where somebody does, or a busy loop would keep all places to itself.
   */
  private boolean othersTurn() {
    if (!places.contended() || places.waiting() <= waiters.size()) {
      keptInARow = 0;
      return false;
    }
    if (!waiters.isEmpty() && ++keptInARow < MOST_KEPT_IN_A_ROW) {
      return false;
    }
    keptInARow = 0;
    return true;
  }

  /** A connection that may stand in the pool is gone, or takes no further request. */
  void forget(UpstreamConnection connection) {
    connection.slot().idle.removeLastOccurrence(connection);
  }

  void retire() {
    retired = true;
    for (ServerSlot slot : slots) {
      idle.retire(slot);
    }
  }
}

package io.lockgate.upstream;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Says which server of an upstream is next, on one event loop: who may be picked is worked out anew
 * only when something changed; who of them is picked is the {@link Balancer}'s choice.
 */
final class ServerPicker {
  private final Roster roster;
  private final Balancer balancer;
  private final AtomicLong changes;
  private final LongSupplier nanoClock;
  private final long tryNanos;
  private ServerSlot[] slots = {};
  private Candidates candidates;
  private long seenChanges;

  /**
   * @param changes of any server's state, counted
   * @param tryNanos how long others stay away from an unreachable server that is being tried
   */
  ServerPicker(
      Roster roster, Balancer balancer, AtomicLong changes, LongSupplier nanoClock, long tryNanos) {
    this.roster = roster;
    this.balancer = balancer;
    this.changes = changes;
    this.nanoClock = nanoClock;
    this.tryNanos = tryNanos;
  }

  /** The servers are others from now on. */
  void follow(ServerSet set, ServerSlot[] newSlots) {
    slots = newSlots;
    for (int i = 0; i < slots.length; i++) {
      slots[i].index = i;
    }
    balancer.follow(set);
    candidates = null;
  }

  /**
   * The next server: of those that may be picked one that has not failed this request yet; else one
   * that is not thought well; else the one that has failed before. Null only where all have been
   * tried, or none takes requests.
   *
   * @param avoid address of the server that has failed this request in the attempt before
   * @param tried that have refused a connection in this attempt
   */
  ServerSlot pick(RequestFacts facts, String avoid, List<ServerSlot> tried) {
    boolean first = avoid.isEmpty() && tried.isEmpty();
    if (isOutdated()) {
      long now = nanoClock.getAsLong();
      seenChanges = changes.get();
      candidates = roster.candidates(slots, now);
      ServerSlot toTry = first ? unreachableToTry(now) : null;
      if (toTry != null) {
        return toTry;
      }
    }
    return first ? choose(candidates, facts) : chooseAgain(facts, avoid, tried);
  }

  private boolean isOutdated() {
    return candidates == null
        || seenChanges != changes.get()
        || (roster.timed() && nanoClock.getAsLong() - roster.validUntilNanos() >= 0);
  }

  /** One request now and then finds out whether a server can be reached again. */
  private ServerSlot unreachableToTry(long now) {
    for (ServerSlot slot : slots) {
      ServerStanding standing = slot.server.standing();
      if (standing.state() == ServerState.UNREACHABLE && standing.takeTry(now, tryNanos)) {
        candidates = null;
        return slot;
      }
    }
    return null;
  }

  private ServerSlot choose(Candidates from, RequestFacts facts) {
    return from.count() == 0 ? balancer.pickBeyond(from, facts) : balancer.pick(from, facts);
  }

  private ServerSlot chooseAgain(RequestFacts facts, String avoid, List<ServerSlot> tried) {
    ServerSlot other = choose(candidates.without(avoid, tried), facts);
    if (other == null) {
      other = choose(roster.willing(slots).without(avoid, tried), facts);
    }
    return other == null ? choose(roster.willing(slots).without("", tried), facts) : other;
  }
}

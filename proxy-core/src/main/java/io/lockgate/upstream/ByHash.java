package io.lockgate.upstream;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The same server for the same key (consistent hashing with bounded loads): a server that has a
 * quarter more to do than its share passes further requests on to the next one on the ring.
 * Requests without the key are spread evenly.
 */
final class ByHash implements Balancer {
  /** How much more than its share a server may have, in percent. */
  private static final int BOUND_PERCENT = 125;

  private final RequestKey key;
  private final Balancer others;
  private Optional<HashRing> ring = Optional.empty();

  /**
   * @param others picks for requests without a key
   */
  ByHash(RequestKey key, Balancer others) {
    this.key = key;
    this.others = others;
  }

  @Override
  public void follow(ServerSet set) {
    ring = set.ring();
    others.follow(set);
  }

  @Override
  public ServerSlot pick(Candidates from, RequestFacts facts) {
    OptionalLong hash = key.hash(facts);
    if (hash.isEmpty() || ring.isEmpty()) {
      return others.pick(from, facts);
    }
    return from.count() == 1 ? from.slot(0) : walk(ring.get(), hash.getAsLong(), from);
  }

  private static ServerSlot walk(HashRing ring, long hash, Candidates from) {
    long requests = 1;
    for (int i = 0; i < from.count(); i++) {
      requests += from.slot(i).server.load().get();
    }
    ServerSlot first = null;
    int point = ring.pointFor(hash);
    for (int steps = ring.size(); steps > 0; steps--, point = ring.after(point)) {
      ServerSlot slot = from.at(ring.owner(point));
      if (from.has(slot)) {
        if (hasRoom(slot, requests, from)) {
          return slot;
        }
        first = first == null ? slot : first;
      }
    }
    return first == null ? from.slot(0) : first;
  }

  /** Whether one more leaves the server within its bound, rounded up. */
  private static boolean hasRoom(ServerSlot slot, long requests, Candidates from) {
    long bound = requests * from.weight(slot) * BOUND_PERCENT;
    return (long) slot.server.load().get() * from.totalWeight() * 100 < bound;
  }
}

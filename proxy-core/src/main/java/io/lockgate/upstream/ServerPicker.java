package io.lockgate.upstream;

import io.lockgate.loop.Loop;
import java.util.List;

/**
 * Says which server of an upstream is next, on one event loop: smooth weighted round-robin among
 * those that are not paused after a failed connect.
 */
final class ServerPicker {
  private final ServerSlot[] slots;
  private final Loop loop;

  ServerPicker(ServerSlot[] slots, Loop loop) {
    this.slots = slots;
    this.loop = loop;
  }

  /**
   * The next server: of those not tried, not paused and not to be avoided first; then each of these
   * wishes is given up in turn. Null only when all have been tried.
   */
  ServerSlot pick(RequestFacts facts, String avoid, List<ServerSlot> tried) {
    if (slots.length == 1) {
      return tried.isEmpty() ? slots[0] : null;
    }
    long now = loop.nanoTime();
    ServerSlot best = next(avoid, tried, now, true);
    if (best == null) {
      best = next(avoid, tried, now, false);
    }
    return best == null ? next("", tried, now, false) : best;
  }

  private ServerSlot next(String avoid, List<ServerSlot> tried, long now, boolean healthyOnly) {
    ServerSlot best = null;
    int total = 0;
    for (ServerSlot slot : slots) {
      if (tried.contains(slot)
          || (healthyOnly && slot.paused(now))
          || (!avoid.isEmpty() && avoid.equals(slot.server.address()))) {
        continue;
      }
      slot.share += slot.server.weight();
      total += slot.server.weight();
      if (best == null || slot.share > best.share) {
        best = slot;
      }
    }
    if (best != null) {
      best.share -= total;
    }
    return best;
  }
}

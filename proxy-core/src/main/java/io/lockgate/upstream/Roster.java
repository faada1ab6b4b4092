package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Works out which of an upstream's servers may be picked: those that are well, of as many priority
 * groups as it takes; all of them where too few are well. On one event loop.
 */
final class Roster {
  /** How often growing shares are looked at anew. */
  private static final long RISE_STEP_NANOS = 200_000_000;

  private static final int FULL_SHARE = 100;

  private final BalanceConfig config;
  private final boolean slow;
  private long validUntilNanos;
  private boolean timed;

  Roster(BalanceConfig config) {
    this.config = config;
    this.slow = !config.slowStart().isZero();
  }

  /** Whether what {@link #candidates} said may have changed with time. */
  boolean timed() {
    return timed;
  }

  /** Until when it holds, where it is {@link #timed}. */
  long validUntilNanos() {
    return validUntilNanos;
  }

  Candidates candidates(ServerSlot[] all, long now) {
    timed = false;
    List<ServerSlot> willing = willingOf(all);
    List<ServerSlot> healthy = new ArrayList<>();
    for (ServerSlot slot : all) {
      ServerState state = slot.server.standing().state();
      if (state == ServerState.READY) {
        healthy.add(slot);
      }
      if (state == ServerState.UNREACHABLE) {
        expireAt(slot.server.standing().tryAtNanos());
      }
    }
    boolean panic =
        healthy.isEmpty() || healthy.size() * 100 < config.panicPercent() * willing.size();
    return weighed(all, panic ? willing : inUse(willing, healthy), now);
  }

  /** All that an operator does not keep from requests, well or not. */
  Candidates willing(ServerSlot[] all) {
    List<ServerSlot> willing = willingOf(all);
    return new Candidates(
        all,
        willing,
        willing.stream()
            .mapToInt(slot -> slot.server.weight() * (slow ? FULL_SHARE : 1))
            .toArray());
  }

  private static List<ServerSlot> willingOf(ServerSlot[] all) {
    List<ServerSlot> willing = new ArrayList<>(all.length);
    for (ServerSlot slot : all) {
      ServerState state = slot.server.standing().state();
      if (state != ServerState.DRAINING && state != ServerState.MAINTENANCE) {
        willing.add(slot);
      }
    }
    return willing;
  }

  /** The healthy ones of the first group, and of further ones as long as too few are healthy. */
  private List<ServerSlot> inUse(List<ServerSlot> willing, List<ServerSlot> healthy) {
    TreeSet<Integer> groups = new TreeSet<>();
    willing.forEach(slot -> groups.add(slot.server.priority()));
    if (groups.size() == 1) {
      return healthy;
    }
    List<ServerSlot> used = new ArrayList<>();
    for (int group : groups) {
      long members = count(willing, group);
      long well = count(healthy, group);
      healthy.stream().filter(slot -> slot.server.priority() == group).forEach(used::add);
      if (well > 0 && well * 100 >= config.backupBelowPercent() * members) {
        break;
      }
    }
    return used;
  }

  private static long count(List<ServerSlot> slots, int group) {
    return slots.stream().filter(slot -> slot.server.priority() == group).count();
  }

  private Candidates weighed(ServerSlot[] all, List<ServerSlot> slots, long now) {
    int[] weights = new int[slots.size()];
    boolean rising = false;
    for (int i = 0; i < weights.length; i++) {
      UpstreamServer server = slots.get(i).server;
      // In one unit for good: turns that were counted in another would be paid back for long.
      int share = slow ? server.standing().share(now, config.slowStart().toNanos()) : 1;
      weights[i] = server.weight() * share;
      rising |= slow && share < FULL_SHARE;
    }
    if (rising) {
      expireAt(now + RISE_STEP_NANOS);
    }
    return new Candidates(all, slots, weights);
  }

  private void expireAt(long nanos) {
    validUntilNanos = timed && validUntilNanos - nanos < 0 ? validUntilNanos : nanos;
    timed = true;
  }
}

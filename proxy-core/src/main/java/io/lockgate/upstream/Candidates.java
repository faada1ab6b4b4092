package io.lockgate.upstream;

import java.util.Arrays;
import java.util.List;

/**
 * The servers that may be picked now, with their weights, on one event loop. Never changed once
 * made.
 */
final class Candidates {
  private final ServerSlot[] all;
  private final ServerSlot[] slots;
  private final int[] weights;
  private final int totalWeight;
  private final int[] weightAt;
  private final String avoid;
  private final List<ServerSlot> tried;

  /**
   * @param all every server of the upstream, in its place
   * @param slots those to pick from
   * @param weights of these
   */
  Candidates(ServerSlot[] all, List<ServerSlot> slots, int[] weights) {
    this(all, slots.toArray(new ServerSlot[0]), weights, "", List.of());
  }

  private Candidates(
      ServerSlot[] all, ServerSlot[] slots, int[] weights, String avoid, List<ServerSlot> tried) {
    this.all = all;
    this.slots = slots;
    this.weights = weights;
    this.avoid = avoid;
    this.tried = tried;
    this.weightAt = new int[all.length];
    int total = 0;
    for (int i = 0; i < slots.length; i++) {
      total += weights[i];
      weightAt[slots[i].index] = weights[i];
    }
    this.totalWeight = total;
  }

  /** The same without servers that have failed this request already. */
  Candidates without(String avoided, List<ServerSlot> failed) {
    ServerSlot[] left = new ServerSlot[slots.length];
    int[] their = new int[slots.length];
    int count = 0;
    for (int i = 0; i < slots.length; i++) {
      if (admits(slots[i], avoided, failed)) {
        left[count] = slots[i];
        their[count++] = weights[i];
      }
    }
    return new Candidates(
        all, Arrays.copyOf(left, count), Arrays.copyOf(their, count), avoided, failed);
  }

  private static boolean admits(ServerSlot slot, String avoided, List<ServerSlot> failed) {
    return !failed.contains(slot) && !slot.server.address().equals(avoided);
  }

  /** Whether the server has not failed this request yet, be it a candidate or not. */
  boolean admits(ServerSlot slot) {
    return admits(slot, avoid, tried);
  }

  int count() {
    return slots.length;
  }

  ServerSlot slot(int i) {
    return slots[i];
  }

  int weight(int i) {
    return weights[i];
  }

  int totalWeight() {
    return totalWeight;
  }

  /** Any server of the upstream, by its place in the set of servers. */
  ServerSlot at(int index) {
    return all[index];
  }

  boolean has(ServerSlot slot) {
    return weightAt[slot.index] > 0;
  }

  int weight(ServerSlot slot) {
    return weightAt[slot.index];
  }
}

package io.lockgate.upstream;

/** Smooth weighted round-robin: a heavy server's turns are spread among those of the others. */
final class InTurn implements Balancer {
  @Override
  public ServerSlot pick(Candidates from, RequestFacts facts) {
    ServerSlot best = from.slot(0);
    for (int i = 0; i < from.count(); i++) {
      ServerSlot slot = from.slot(i);
      slot.share += from.weight(i);
      if (slot.share > best.share) {
        best = slot;
      }
    }
    best.share -= from.totalWeight();
    return best;
  }
}

package io.lockgate.upstream;

import java.util.SplittableRandom;

/** Draws a server, each as often as its weight says. */
final class AtRandom implements Balancer {
  private final SplittableRandom random;

  AtRandom(SplittableRandom random) {
    this.random = random;
  }

  @Override
  public ServerSlot pick(Candidates from, RequestFacts facts) {
    return from.slot(draw(from, -1));
  }

  /**
   * Draws the place of a candidate.
   *
   * @param other place that is not to be drawn, or -1
   */
  int draw(Candidates from, int other) {
    int total = other < 0 ? from.totalWeight() : from.totalWeight() - from.weight(other);
    int left = random.nextInt(total);
    int last = -1;
    for (int i = 0; i < from.count(); i++) {
      if (i != other) {
        last = i;
        left -= from.weight(i);
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }
}

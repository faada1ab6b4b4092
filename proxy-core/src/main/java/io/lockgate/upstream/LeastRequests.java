package io.lockgate.upstream;

/**
 * The one of two drawn servers that has less to do for its weight, whatever loop gave it the work.
 * Two random choices come close to the best of all, and loops that choose at the same moment do not
 * all choose the same server.
 */
final class LeastRequests implements Balancer {
  private final AtRandom draws;

  LeastRequests(AtRandom draws) {
    this.draws = draws;
  }

  @Override
  public ServerSlot pick(Candidates from, RequestFacts facts) {
    if (from.count() == 1) {
      return from.slot(0);
    }
    int first = draws.draw(from, -1);
    int second = draws.draw(from, first);
    long firstLoad = (long) from.slot(first).server.load().get() * from.weight(second);
    long secondLoad = (long) from.slot(second).server.load().get() * from.weight(first);
    return from.slot(secondLoad < firstLoad ? second : first);
  }
}

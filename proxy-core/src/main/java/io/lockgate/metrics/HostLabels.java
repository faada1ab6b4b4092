package io.lockgate.metrics;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Which hosts have a histogram of their own: the first ones seen, up to a bound, over all event
 * loops. A histogram costs kilobytes for each loop, so a hundred thousand hosts cannot each have
 * one; those above the bound share {@code other}. Counters are exact for every host. Places of
 * hosts that are configured no more go to others.
 */
final class HostLabels {
  static final int MOST_HOSTS = 1_000;
  static final String OTHER = "other";

  private final Set<String> admitted = ConcurrentHashMap.newKeySet();
  private final int most;

  HostLabels(int most) {
    this.most = most;
  }

  /** From any loop. Two loops at the same moment may go over the bound by one each. */
  boolean admits(String host) {
    return admitted.contains(host) || (admitted.size() < most && enter(host));
  }

  /** What a host is called in histograms. */
  String labelOf(String host) {
    return admits(host) ? host : OTHER;
  }

  /**
   * Takes the places of all hosts that are not {@code configured}. Loops may go on with what they
   * have for them until they are told, and may give one a place again that is about to end.
   *
   * @return the hosts that had places
   */
  Set<String> retain(Predicate<String> configured) {
    Set<String> gone = new HashSet<>();
    for (String host : admitted) {
      if (!host.equals(OTHER) && !configured.test(host)) {
        gone.add(host);
      }
    }
    admitted.removeAll(gone);
    return gone;
  }

  private boolean enter(String host) {
    admitted.add(host);
    return true;
  }
}

package io.lockgate.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds servers that take many times as long as the others of their upstream to begin an answer.
 * Looks at the means since it looked last; on the one thread that looks.
 */
final class LatencyOutliers {
  /** Fewer answers say nothing about a server. */
  private static final long FEWEST_ANSWERS = 20;

  /** Whoever is this quick is never too slow, however quick the others are. */
  private static final long QUICK_NANOS = 10_000_000;

  private final int factor;
  private final Map<UpstreamServer, Totals> before = new HashMap<>();

  LatencyOutliers(int factor) {
    this.factor = factor;
  }

  /**
   * Heads of responses so far.
   *
   * @param nanos how long they took altogether
   */
  record Totals(long heads, long nanos) {
    static final Totals NONE = new Totals(0, 0);

    Totals plus(Totals more) {
      return new Totals(heads + more.heads, nanos + more.nanos);
    }

    private Totals since(Totals earlier) {
      return new Totals(heads - earlier.heads, nanos - earlier.nanos);
    }

    private long mean() {
      return nanos / heads;
    }
  }

  /** Those that were too slow since the last look, and why. */
  Map<UpstreamServer, String> look(Map<UpstreamServer, Totals> now) {
    Map<UpstreamServer, Long> means = new HashMap<>();
    now.forEach(
        (server, totals) -> {
          Totals recent = totals.since(before.getOrDefault(server, Totals.NONE));
          if (recent.heads() >= FEWEST_ANSWERS) {
            means.put(server, recent.mean());
          }
        });
    before.clear();
    before.putAll(now);
    Map<UpstreamServer, String> slow = new HashMap<>();
    means.forEach(
        (server, mean) -> {
          long others = medianOfOthers(server, means);
          if (others > 0 && mean > QUICK_NANOS && mean > others * factor) {
            slow.put(
                server,
                "answers begin after "
                    + mean / 1_000_000
                    + " ms, those of the others after "
                    + others / 1_000_000
                    + " ms");
          }
        });
    return slow;
  }

  /** 0 where there is none to compare with. */
  private static long medianOfOthers(UpstreamServer server, Map<UpstreamServer, Long> means) {
    List<Long> others = new ArrayList<>();
    means.forEach(
        (other, mean) -> {
          if (other != server) {
            others.add(mean);
          }
        });
    others.sort(null);
    return others.isEmpty() ? 0 : Math.max(1, others.get((others.size() - 1) / 2));
  }
}

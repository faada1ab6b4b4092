package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.BalanceConfig;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which servers take too long, beside the others of their upstream. */
class LatencyOutliersTest {
  private static final int FACTOR = 5;
  private static final long MILLI = 1_000_000;

  private final TestServers servers = TestServers.of(BalanceConfig.ROUND_ROBIN, "a", "b", "c", "d");
  private final LatencyOutliers outliers = new LatencyOutliers(FACTOR);
  private final Map<UpstreamServer, LatencyOutliers.Totals> totals = new HashMap<>();

  /** So many answers more, each after so many milliseconds. */
  private LatencyOutliersTest answers(String server, int count, long millis) {
    totals.merge(
        servers.server(server),
        new LatencyOutliers.Totals(count, count * millis * MILLI),
        LatencyOutliers.Totals::plus);
    return this;
  }

  private Map<UpstreamServer, String> look() {
    return outliers.look(totals);
  }

  @Test
  void aServerThatTakesManyTimesAsLongAsTheOthersIsOne() {
    answers("a", 100, 20).answers("b", 100, 30).answers("c", 100, 25).answers("d", 100, 200);
    assertThat(look())
        .containsOnlyKeys(servers.server("d"))
        .containsValue("answers begin after 200 ms, those of the others after 25 ms");
  }

  @Test
  void aServerThatIsSlowerWithinBoundsIsNone() {
    answers("a", 100, 20).answers("b", 100, 100);
    assertThat(look()).isEmpty();
  }

  @Test
  void fewAnswersSayNothing() {
    answers("a", 100, 20).answers("b", 100, 20).answers("c", 19, 5000);
    assertThat(look()).isEmpty();
  }

  @Test
  void whoeverIsQuickIsNone() {
    answers("a", 100, 1).answers("b", 100, 1).answers("c", 100, 9);
    assertThat(look()).isEmpty();
  }

  @Test
  void aloneThereIsNothingToCompareWith() {
    answers("a", 100, 5000);
    assertThat(look()).isEmpty();
  }

  @Test
  void theQuickerOneOfTwoIsNeverBlamed() {
    answers("a", 100, 20).answers("b", 100, 2000);
    assertThat(look()).containsOnlyKeys(servers.server("b"));
  }

  @Test
  void whatWasBeforeTheLastLookIsForgotten() {
    answers("a", 100, 20).answers("b", 100, 2000);
    look();
    answers("a", 100, 20).answers("b", 100, 20);
    assertThat(look()).isEmpty();
  }
}

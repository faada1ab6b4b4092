package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.UpstreamConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When servers are asked whether they are well: many upstreams with many servers at a time. */
class HealthChecksTest {
  private static final int UPSTREAMS = 10;
  private static final int SERVERS_EACH = 100;
  private static final long STEP_MILLIS = 100;
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final TestLoops loops = new TestLoops();
  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final List<Consumer<String>> running = new ArrayList<>();
  private final List<Integer> begunPerStep = new ArrayList<>();
  private int begun;

  @AfterEach
  void close() {
    clock.close();
    loops.close();
  }

  private void ask(UpstreamServer server, Consumer<String> then) {
    begun++;
    running.add(then);
  }

  private List<UpstreamPool> pools(int upstreams, int servers) {
    List<UpstreamPool> pools = new ArrayList<>();
    for (int i = 0; i < upstreams; i++) {
      String[] addresses = new String[servers];
      for (int j = 0; j < servers; j++) {
        addresses[j] = "127.0." + i + "." + j + ":9";
      }
      UpstreamConfig config = TestUpstream.at(addresses).checkedEvery(INTERVAL).config();
      pools.add(loops.unwatched(config, Optional.empty()));
    }
    return pools;
  }

  private void follow(List<UpstreamPool> pools) {
    clock.freezeTime();
    new HealthChecks(clock.eventLoop(), new SplittableRandom(1), pool -> this::ask).follow(pools);
  }

  private void pass(Duration time, boolean answering) {
    for (long passed = 0; passed < time.toMillis(); passed += STEP_MILLIS) {
      int before = begun;
      clock.advanceTimeBy(STEP_MILLIS, TimeUnit.MILLISECONDS);
      clock.runScheduledPendingTasks();
      while (answering && !running.isEmpty()) {
        running.remove(0).accept("");
      }
      begunPerStep.add(begun - before);
    }
  }

  @Test
  void aThousandServersAreAskedInTurnFromTheFirstMomentOn() {
    follow(pools(UPSTREAMS, SERVERS_EACH));
    pass(INTERVAL.multipliedBy(10), true);
    assertThat(begun).as("each once an interval").isBetween(9_000, 11_000);
    assertThat(Collections.max(begunPerStep))
        .as("in a tenth of a second, 20 on average")
        .isLessThan(60);
  }

  @Test
  void aFewServersAreKnownSoonAndDoNotStayInStep() {
    follow(pools(1, SERVERS_EACH));
    pass(Duration.ofSeconds(1), true);
    assertThat(begun).as("each once within a second").isGreaterThanOrEqualTo(SERVERS_EACH);
    begunPerStep.clear();
    pass(INTERVAL.multipliedBy(4), true);
    assertThat(Collections.max(begunPerStep))
        .as("in a tenth of a second, 2 on average")
        .isLessThan(12);
  }

  @Test
  void serversThatDoNotAnswerHoldUpOthersAndAreNotPiledUp() {
    follow(pools(UPSTREAMS, SERVERS_EACH));
    pass(INTERVAL.multipliedBy(2), false);
    assertThat(running).as("at a time").hasSize(64);
    running.remove(0).accept("no answer in time");
    assertThat(running).as("the next one in its place").hasSize(64);
  }
}

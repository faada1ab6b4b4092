package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerStandingTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final List<String> told = new ArrayList<>();
  private final ServerStanding standing =
      new ServerStanding((before, after, why) -> told.add(before + " " + after), () -> 1000);

  @Test
  void anUnreachableServerIsLeftAloneForASecond() {
    standing.connectFailed("refused", 0);
    assertThat(standing.state()).isEqualTo(ServerState.UNREACHABLE);
    assertThat(standing.takeTry(SECOND - 1, SECOND)).isFalse();
    assertThat(standing.takeTry(SECOND, SECOND)).isTrue();
    assertThat(standing.takeTry(SECOND, SECOND)).as("one try at a time").isFalse();
  }

  @Test
  void itIsLeftAloneTwiceAsLongAfterEachFurtherFailureUpToABound() {
    long now = 0;
    for (int expected : new int[] {1, 2, 4, 8, 16, 30, 30}) {
      standing.connectFailed("refused", now);
      assertThat(standing.takeTry(now + expected * SECOND - 1, 1)).isFalse();
      now += expected * SECOND;
      assertThat(standing.takeTry(now, 1)).isTrue();
    }
  }

  @Test
  void connectsThatFailTogetherCountOnce() {
    for (int i = 0; i < 20; i++) {
      standing.connectFailed("refused", i);
    }
    assertThat(standing.takeTry(SECOND, SECOND)).isTrue();
    assertThat(told).containsExactly("READY UNREACHABLE");
  }

  @Test
  void anOperatorsWishHidesWhatElseIsWrongAndGivesItBack() {
    standing.checksFail("status 500", 0);
    standing.wish(ServerStanding.Wish.MAINTENANCE, 0);
    standing.checksFail("status 503", 0);
    assertThat(standing.state()).isEqualTo(ServerState.MAINTENANCE);
    assertThat(standing.health()).isEqualTo(ServerState.UNHEALTHY);
    standing.wish(ServerStanding.Wish.READY, 0);
    assertThat(told)
        .containsExactly("READY UNHEALTHY", "UNHEALTHY MAINTENANCE", "MAINTENANCE UNHEALTHY");
    assertThat(standing.error()).isEqualTo("status 500");
  }

  @Test
  void aPoolThatReplacesAnotherTakesOverWhatStillApplies() {
    standing.checksFail("status 500", 0);
    standing.eject("failures", 0, SECOND);
    standing.wish(ServerStanding.Wish.DRAIN, 0);
    ServerStanding checked = standing.takenOver(ServerStanding.Listener.NONE, true, true);
    assertThat(checked.state()).isEqualTo(ServerState.UNHEALTHY);
    assertThat(checked.ejections()).isEqualTo(1);
    ServerStanding unchecked = standing.takenOver(ServerStanding.Listener.NONE, false, false);
    assertThat(unchecked.state()).isEqualTo(ServerState.READY);
  }

  @Test
  void anEjectionLastsLongerIfTheOneBeforeEndedNotLongAgo() {
    assertThat(standing.doublings(0, 3)).isZero();
    standing.eject("", 0, SECOND);
    assertThat(standing.doublings(SECOND + 1, 3)).isEqualTo(1);
    standing.eject("", SECOND + 1, 2 * SECOND);
    assertThat(standing.doublings(4 * SECOND, 3)).isEqualTo(2);
    standing.eject("", 4 * SECOND, 4 * SECOND);
    assertThat(standing.doublings(20 * SECOND, 3)).as("long since forgotten").isZero();
  }
}

package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.UpstreamConfig;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerSlotTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ServerSlot slot =
      new ServerSlot(UpstreamServer.of(new UpstreamConfig.Server("127.0.0.1", 80, 1)));

  @Test
  void isLeftAloneForASecondAfterAFailedConnect() {
    slot.connectFailed(0);
    assertThat(slot.paused(SECOND - 1)).isTrue();
    assertThat(slot.paused(SECOND)).isFalse();
  }

  @Test
  void isLeftAloneTwiceAsLongAfterEachFurtherFailureUpToABound() {
    long now = 0;
    for (int expected : new int[] {1, 2, 4, 8, 16, 30, 30}) {
      slot.connectFailed(now);
      assertThat(slot.paused(now + expected * SECOND - 1)).isTrue();
      now += expected * SECOND;
      assertThat(slot.paused(now)).isFalse();
    }
  }

  @Test
  void countsConnectsThatFailTogetherOnce() {
    for (int i = 0; i < 20; i++) {
      slot.connectFailed(i);
    }
    assertThat(slot.paused(SECOND)).isFalse();
  }
}

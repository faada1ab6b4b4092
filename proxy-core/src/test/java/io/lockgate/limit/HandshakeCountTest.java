package io.lockgate.limit;

import static io.lockgate.limit.HandshakeCount.Verdict.ADMITTED;
import static io.lockgate.limit.HandshakeCount.Verdict.TOO_MANY_AT_ONCE;
import static io.lockgate.limit.HandshakeCount.Verdict.TOO_MANY_A_SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeCountTest {
  private static final boolean FULL = false;
  private static final boolean RESUMING = true;
  private static final int RATE = 100;

  /** Near the end of what a long can say: readings of a clock may begin anywhere. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 500_000_000L);

  private final HandshakeCount count = new HandshakeCount(now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /** How many of so many are let in; those end at once. */
  private int admitted(int asked, boolean offering, boolean resumed) {
    int admitted = 0;
    for (int i = 0; i < asked; i++) {
      if (count.admit(offering, RATE, 0) == ADMITTED) {
        admitted++;
        count.ended(offering, resumed, RATE, 0);
      }
    }
    return admitted;
  }

  @Test
  void withoutBoundsEverythingIsLetIn() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(count.admit(FULL, 0, 0)).isEqualTo(ADMITTED);
    }
    assertThat(count.inProgress()).isEqualTo(10_000);
  }

  @Nested
  class ByTheSecond {
    @Test
    void fullHandshakesLeaveAFifthToResumedOnes() {
      assertThat(admitted(1000, FULL, false)).isEqualTo(80);
      assertThat(admitted(1000, RESUMING, true)).isEqualTo(20);
      assertThat(count.admit(RESUMING, RATE, 0)).isEqualTo(TOO_MANY_A_SECOND);
    }

    @Test
    void resumedOnesMayTakeItAll() {
      assertThat(admitted(1000, RESUMING, true)).isEqualTo(100);
      assertThat(admitted(1000, FULL, false)).isZero();
    }

    @Test
    void theRateIsKeptOverTime() {
      int admitted = 0;
      for (int i = 0; i < 10_000; i++) {
        pass(Duration.ofMillis(1));
        admitted += admitted(1, FULL, false);
      }
      assertThat(admitted).isBetween(1075, 1080);
    }

    @Test
    void underConstantPressureResumedOnesGoFirst() {
      int full = 0;
      int resumed = 0;
      for (int i = 0; i < 10_000; i++) {
        pass(Duration.ofMillis(1));
        full += admitted(1, FULL, false);
        resumed += i % 20 == 0 ? admitted(1, RESUMING, true) : 0;
      }
      assertThat(resumed).as("half the rate, all let in").isEqualTo(500);
      assertThat(full).as("the rest").isBetween(570, 585);
    }

    @Test
    void quietTimeIsWorthNoMoreThanASecond() {
      pass(Duration.ofHours(10));
      assertThat(admitted(1000, RESUMING, true)).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000_000_000})
    void everyRateLetsSomeIn(int rate) {
      assertThat(count.admit(FULL, rate, 0)).isEqualTo(ADMITTED);
    }

    @Test
    void aRateSetMeanwhileCountsFromThenOn() {
      admitted(1000, RESUMING, true);
      pass(Duration.ofMillis(100));
      assertThat(count.admit(FULL, RATE, 0)).isEqualTo(TOO_MANY_A_SECOND);
      assertThat(count.admit(FULL, 0, 0)).isEqualTo(ADMITTED);
      assertThat(count.admit(FULL, 100 * RATE, 0)).isEqualTo(TOO_MANY_A_SECOND);
      pass(Duration.ofMillis(200));
      assertThat(count.admit(FULL, 100 * RATE, 0)).isEqualTo(ADMITTED);
    }

    @Test
    void manyThreadsTogetherGetNoMore() throws InterruptedException {
      AtomicInteger admitted = new AtomicInteger();
      try (Threads threads = new Threads(4)) {
        threads.run(() -> admitted.addAndGet(admitted(1000, RESUMING, true)));
      }
      assertThat(admitted).hasValue(100);
      assertThat(count.inProgress()).isZero();
    }
  }

  @Nested
  class OffersThatComeToNothing {
    @Test
    void areWorthNothingOnceTheyAreMany() {
      assertThat(admitted(1000, RESUMING, false)).as("no more than full ones").isEqualTo(80);
      assertThat(admitted(10, RESUMING, true)).as("good ones cannot be told apart").isZero();
    }

    @Test
    void gainNoMoreThanTheReservedPart() {
      int forged = 0;
      int full = 0;
      for (int i = 0; i < 10_000; i++) {
        pass(Duration.ofMillis(1));
        // The forger asks first each time.
        forged += admitted(i % 2, RESUMING, false);
        full += admitted(1, FULL, false);
      }
      assertThat(forged + full).isBetween(1000, 1100);
      assertThat(full).as("are served all the same").isGreaterThan(300);
    }

    @Test
    void areForgottenAfterSomeSeconds() {
      admitted(1000, RESUMING, false);
      pass(Duration.ofSeconds(6));
      assertThat(admitted(1000, RESUMING, true)).isEqualTo(100);
    }

    @Test
    void someOfThemSpoilNothing() {
      for (int i = 0; i < 10_000; i++) {
        pass(Duration.ofMillis(1));
        admitted(i % 100 == 0 ? 1 : 0, RESUMING, false);
      }
      admitted(1000, FULL, false);
      assertThat(admitted(1000, RESUMING, true)).isEqualTo(20);
    }
  }

  @Nested
  class AtATime {
    @Test
    void fullHandshakesLeaveAFifthToResumedOnes() {
      for (int i = 0; i < 8; i++) {
        assertThat(count.admit(FULL, 0, 10)).isEqualTo(ADMITTED);
      }
      assertThat(count.admit(FULL, 0, 10)).isEqualTo(TOO_MANY_AT_ONCE);
      assertThat(count.admit(RESUMING, 0, 10)).isEqualTo(ADMITTED);
      assertThat(count.admit(RESUMING, 0, 10)).isEqualTo(ADMITTED);
      assertThat(count.admit(RESUMING, 0, 10)).isEqualTo(TOO_MANY_AT_ONCE);

      count.ended(RESUMING, true, 0, 10);
      assertThat(count.admit(FULL, 0, 10)).isEqualTo(TOO_MANY_AT_ONCE);
      assertThat(count.admit(RESUMING, 0, 10)).isEqualTo(ADMITTED);
    }

    @Test
    void oneIsEnoughForOne() {
      assertThat(count.admit(FULL, 0, 1)).isEqualTo(ADMITTED);
      assertThat(count.admit(FULL, 0, 1)).isEqualTo(TOO_MANY_AT_ONCE);
      count.ended(FULL, false, 0, 1);
      assertThat(count.admit(FULL, 0, 1)).isEqualTo(ADMITTED);
    }
  }

  @Test
  void emptyOffersAreWorthNothingWithoutARateEither() {
    for (int i = 0; i < 100; i++) {
      assertThat(count.admit(RESUMING, 0, 10)).isEqualTo(ADMITTED);
      count.ended(RESUMING, false, 0, 10);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(count.admit(RESUMING, 0, 10)).isEqualTo(ADMITTED);
    }
    assertThat(count.admit(RESUMING, 0, 10)).isEqualTo(TOO_MANY_AT_ONCE);
  }

  private static final class Threads implements AutoCloseable {
    private final ExecutorService executor;
    private final int threads;

    Threads(int threads) {
      this.threads = threads;
      this.executor = Executors.newFixedThreadPool(threads);
    }

    void run(Runnable task) {
      for (int i = 0; i < threads; i++) {
        executor.execute(task);
      }
    }

    @Override
    public void close() {
      executor.shutdown();
      try {
        assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}

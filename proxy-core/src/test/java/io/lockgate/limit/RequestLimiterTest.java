package io.lockgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockgate.config.model.RequestLimit;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestLimiterTest {
  private static final long SECOND = 1_000_000_000L;

  private long nanos = -5 * SECOND;
  private final LimitTable table = new LimitTable(() -> nanos, 1, 2, 64);

  private RequestLimiter limiter(double rate, int burst, int inFlight) {
    return table.limiter(
        "route", new RequestLimit(rate, burst, inFlight, new RequestLimit.Key.ClientAddress()));
  }

  private static boolean passes(RequestLimiter limiter, long client) {
    long place = limiter.take(client, 0);
    if (place >= 0) {
      limiter.release(place);
    }
    return place >= 0;
  }

  private static int passing(RequestLimiter limiter, long client, int requests) {
    int passed = 0;
    for (int i = 0; i < requests; i++) {
      passed += passes(limiter, client) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void letsABurstThroughAndThenTheRate() {
    RequestLimiter limiter = limiter(10, 5, 0);
    assertThat(passing(limiter, 1, 100)).isEqualTo(5);
    nanos += SECOND / 10;
    assertThat(passing(limiter, 1, 100)).as("one token in a tenth of a second").isEqualTo(1);
    nanos += SECOND;
    assertThat(passing(limiter, 1, 100)).as("no more than a bucket holds").isEqualTo(5);
  }

  @Test
  void keepsToTheRateOverTime() {
    RequestLimiter limiter = limiter(100, 1, 0);
    int passed = 0;
    for (int millis = 0; millis < 10_000; millis++) {
      passed += passing(limiter, 1, 3);
      nanos += SECOND / 1000;
    }
    assertThat(passed).isEqualTo(1_000);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 10", "1, 1", "1000, 1", "0.001, 1000"})
  void saysWhenATokenIsThere(double rate, long seconds) {
    RequestLimiter limiter = limiter(rate, 1, 0);
    assertThat(passes(limiter, 1)).isTrue();
    assertThat(RequestLimiter.secondsToWait(limiter.take(1, 0))).isEqualTo(seconds);
    nanos += seconds * SECOND;
    assertThat(passes(limiter, 1)).as("what was said holds").isTrue();
  }

  @Test
  void countsEachClientApart() {
    RequestLimiter limiter = limiter(1, 1, 0);
    assertThat(passes(limiter, 1)).isTrue();
    assertThat(passes(limiter, 2)).isTrue();
    assertThat(passes(limiter, 1)).isFalse();
  }

  @Test
  void boundsRequestsInFlight() {
    RequestLimiter limiter = limiter(0, 1, 2);
    long first = limiter.take(1, 0);
    long second = limiter.take(1, 0);
    assertThat(limiter.take(1, 0)).isEqualTo(RequestLimiter.BUSY);
    assertThat(RequestLimiter.secondsToWait(RequestLimiter.BUSY)).isEqualTo(1);
    limiter.release(first);
    long third = limiter.take(1, 0);
    assertThat(third).isNotNegative();
    limiter.release(second);
    limiter.release(third);
    assertThat(passing(limiter, 1, 10)).isEqualTo(10);
  }

  @Test
  void takesNoTokenForARequestThatIsOneTooManyInFlight() {
    RequestLimiter limiter = limiter(1, 2, 1);
    long first = limiter.take(1, 0);
    assertThat(limiter.take(1, 0)).isEqualTo(RequestLimiter.BUSY);
    limiter.release(first);
    assertThat(passes(limiter, 1)).isTrue();
    assertThat(passes(limiter, 1)).isFalse();
  }

  @Test
  void survivesAReloadThatLeavesItAsItWas() {
    assertThat(passing(limiter(1, 3, 0), 1, 10)).isEqualTo(3);
    assertThat(passing(limiter(1, 3, 0), 1, 10)).as("made anew, equal").isZero();
    assertThat(passing(limiter(1, 4, 0), 1, 10)).as("another limit").isEqualTo(4);
  }

  @Test
  void keepsWhoIsOverTheBoundWhileStrangersCome() {
    RequestLimiter limiter = limiter(1, 10, 0);
    assertThat(passing(limiter, 1, 100)).isEqualTo(10);
    for (long stranger = 2; stranger < 50_000; stranger++) {
      passes(limiter, stranger);
    }
    assertThat(passes(limiter, 1)).as("not displaced by 50000 others in a table of 64").isFalse();
  }

  @Test
  void letsThroughUncountedWhoFindsNoPlace() {
    RequestLimiter limiter = limiter(0, 1, 1);
    List<Long> places = new ArrayList<>();
    for (long client = 0; client < 1_000; client++) {
      places.add(limiter.take(client, 0));
    }
    assertThat(places).allMatch(place -> place >= 0);
    places.forEach(limiter::release);
    assertThat(limiter.take(0, 0)).isNotNegative();
  }

  @Test
  void tellsTextFromAnAddressOfTheSameOctets() {
    RequestLimiter limiter = limiter(1, 1, 0);
    byte[] text = new byte[16];
    assertThat(limiter.take(text, 0, 16)).isNotNegative();
    assertThat(limiter.take(0, 0)).isNotNegative();
    assertThat(limiter.take(text, 0, 16)).isNegative();
    assertThat(limiter.take(text, 0, 15)).as("another text").isNotNegative();
  }

  @Test
  void losesNoCountHoweverManyLoopsUseIt() throws InterruptedException {
    RequestLimiter limiter = limiter(0, 1, 3);
    AtomicInteger together = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  long place = limiter.take(1, 0);
                  if (place >= 0) {
                    most.accumulateAndGet(together.incrementAndGet(), Math::max);
                    together.decrementAndGet();
                    limiter.release(place);
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(List.of(limiter.take(1, 0), limiter.take(1, 0), limiter.take(1, 0)))
        .as("all places are free again")
        .allMatch(place -> place >= 0);
  }

  @Test
  void makesNoObjects() {
    RequestLimiter limiter = limiter(1_000_000, 1_000_000, 10);
    byte[] key = "a-key-of-a-partner".getBytes(StandardCharsets.US_ASCII);
    rounds(limiter, key);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    rounds(limiter, key);
    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 10_000).isZero();
  }

  private static void rounds(RequestLimiter limiter, byte[] key) {
    for (int i = 0; i < 10_000; i++) {
      limiter.release(limiter.take(7, 0));
      limiter.release(limiter.take(key, 0, key.length));
    }
  }

  /** The vectors of the paper's reference implementation, for the key 00 01 .. 0f. */
  @ParameterizedTest
  @CsvSource({"8, 93f5f5799a932462", "15, a129ca6149be45e5", "16, 3f2acc7f57c29bdb"})
  void hashesAsThePaperSays(int length, String expected) {
    SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    byte[] input = new byte[length];
    for (int i = 0; i < length; i++) {
      input[i] = (byte) i;
    }
    assertThat(Long.toHexString(hash.of(0x0706050403020100L, input, 8, length)))
        .isEqualTo(expected);
  }
}

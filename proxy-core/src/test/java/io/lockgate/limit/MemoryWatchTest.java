package io.lockgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.MemoryCeiling;
import io.lockgate.limit.MemoryWatch.Level;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures are in MiB here. */
class MemoryWatchTest {
  private static final MemoryCeiling ALL = new MemoryCeiling.Share(100);

  private final Figures figures = new Figures();
  private final MemoryWatch watch = new MemoryWatch(figures);
  private final List<String> relief = new ArrayList<>();

  private void relieve() {
    watch.relieveBy(
        List.of(
            new MemoryWatch.Relief() {
              @Override
              public void throttle(boolean on) {
                relief.add("throttle " + on);
              }

              @Override
              public void free(long bytes, Runnable done) {
                relief.add("free " + (bytes >> 20));
                done.run();
              }
            }));
  }

  private Level sampled(long heap, long buffers) {
    figures.heap = heap;
    figures.reserved = buffers;
    figures.pinned = buffers;
    watch.sample(ALL);
    return watch.level();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10, CALM",
    "79, 10, CALM",
    "81, 10, REFUSES_CONNECTIONS",
    "89, 10, REFUSES_REQUESTS",
    "10, 79, CALM",
    "10, 81, REFUSES_CONNECTIONS",
    "10, 89, REFUSES_REQUESTS"
  })
  void turnsAwayByWhatIsLeftOfHeapAndBuffers(long heap, long buffers, Level level) {
    assertThat(sampled(heap, buffers)).isEqualTo(level);
    assertThat(watch.refusesConnections()).isEqualTo(level != Level.CALM);
    assertThat(watch.refusesRequests()).isEqualTo(level == Level.REFUSES_REQUESTS);
  }

  @Test
  void turnsAwayByTheCeilingOfTheWholeProcess() {
    figures.heap = 40;
    figures.reserved = figures.pinned = 40;
    figures.other = 30;
    watch.sample(new MemoryCeiling.Share(12));
    assertThat(watch.level()).as("110 of 120").isEqualTo(Level.CALM);
    assertThat(watch.ceilingBytes()).isEqualTo(120L << 20);
    watch.sample(new MemoryCeiling.Size(109L << 20));
    assertThat(watch.level()).as("110 of 109").isEqualTo(Level.REFUSES_CONNECTIONS);
    assertThat(watch.pressure()).isBetween(1.0, 1.02);
  }

  @Test
  void letsInAgainOnlyWellBelow() {
    assertThat(sampled(89, 10)).isEqualTo(Level.REFUSES_REQUESTS);
    assertThat(sampled(82, 10)).isEqualTo(Level.REFUSES_REQUESTS);
    assertThat(sampled(79, 10)).isEqualTo(Level.REFUSES_CONNECTIONS);
    assertThat(sampled(73, 10)).isEqualTo(Level.REFUSES_CONNECTIONS);
    assertThat(sampled(71, 10)).isEqualTo(Level.CALM);
  }

  @Test
  void seesARiseBetweenSamples() {
    relieve();
    assertThat(sampled(10, 10)).isEqualTo(Level.CALM);
    figures.reserved = 81;
    assertThat(watch.refusesConnections()).isTrue();
    assertThat(watch.refusesRequests()).isFalse();
    figures.reserved = 89;
    assertThat(watch.refusesRequests()).isTrue();
    figures.reserved = 10;
    assertThat(watch.refusesRequests()).as("until a sample says otherwise").isTrue();
    watch.sample(ALL);
    assertThat(watch.level()).isEqualTo(Level.CALM);
  }

  @Test
  void throttlesWhileItTurnsAwayAndNoLonger() {
    relieve();
    sampled(81, 10);
    sampled(10, 10);
    sampled(10, 10);
    sampled(10, 10);
    assertThat(relief).containsExactly("throttle true", "throttle false");
  }

  @Test
  void closesConnectionsOnlyWhenAlmostNothingIsLeft() {
    relieve();
    sampled(10, 10);
    figures.reserved = 90;
    watch.contentCame();
    assertThat(relief).containsExactly("throttle true");
    figures.reserved = 95;
    watch.contentCame();
    assertThat(relief).containsExactly("throttle true", "free 7");
  }

  @Test
  void countsNotWhatBuffersHaveGivenBackToTheirPool() {
    figures.reserved = 95;
    figures.pinned = 20;
    watch.sample(ALL);
    assertThat(watch.level()).isEqualTo(Level.CALM);
    watch.contentCame();
    assertThat(watch.refusesConnections()).isFalse();
  }

  /** Heap and buffers of 100 MiB each, a machine of 1000. */
  private static final class Figures implements MemoryGauges {
    private long heap;
    private long reserved;
    private long pinned;
    private long other;

    @Override
    public long heapLive() {
      return heap << 20;
    }

    @Override
    public long heapMax() {
      return 100 << 20;
    }

    @Override
    public long directReserved() {
      return reserved << 20;
    }

    @Override
    public long directPinned() {
      return pinned << 20;
    }

    @Override
    public long directMax() {
      return 100 << 20;
    }

    @Override
    public long other() {
      return other << 20;
    }

    @Override
    public long machine() {
      return 1000L << 20;
    }
  }
}

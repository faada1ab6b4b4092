package io.lockgate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private final Latency latency = new Latency();

  private void record(long... micros) {
    LongStream.of(micros).map(TimeUnit.MICROSECONDS::toNanos).forEach(latency::record);
  }

  private Histogram taken() {
    Histogram taken = Latency.empty();
    latency.take(taken::recordValueWithCount);
    return taken;
  }

  @Test
  void countsInTheBucketsOfAHistogramOfTwoDigits() {
    Histogram expected = Latency.empty();
    for (long micros = 0; micros <= TimeUnit.HOURS.toMicros(1); micros += 1 + micros / 300) {
      record(micros);
      expected.recordValue(expected.lowestEquivalentValue(micros));
    }

    assertThat(taken()).isEqualTo(expected);
  }

  @Test
  void tellsOnlyWhatWasRecordedSinceItWasAskedLast() {
    record(5, 70_000);
    Histogram first = taken();
    assertThat(first.getTotalCount()).isEqualTo(2);
    assertThat(latency.news()).isFalse();

    record(5, 5, 900_000);

    assertThat(latency.news()).isTrue();
    Histogram next = taken();
    assertThat(next.getTotalCount()).isEqualTo(3);
    assertThat(next.getCountAtValue(5)).isEqualTo(2);
    assertThat(next.getCountAtValue(900_000)).isEqualTo(1);
  }

  @Test
  void countsWhatLastsLongerThanAnHourAsAnHour() {
    latency.record(TimeUnit.DAYS.toNanos(3));

    Histogram taken = taken();
    assertThat(taken.getCountAtValue(TimeUnit.HOURS.toMicros(1))).isEqualTo(1);
    assertThat(latency.takeNanos()).isEqualTo(TimeUnit.DAYS.toNanos(3));
  }
}

package io.lockgate.metrics;

import java.util.List;

/** The upper bounds of the buckets in which latencies are shown to Prometheus. */
public final class LatencyBuckets {
  private LatencyBuckets() {}

  private static final long[] MICROS = {
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    10_000_000,
    60_000_000
  };

  /** In seconds, ascending, without the unbounded last one. */
  public static List<Double> upperBoundsSeconds() {
    return java.util.Arrays.stream(MICROS).mapToObj(micros -> micros / 1e6).toList();
  }

  static int count() {
    return MICROS.length + 1;
  }

  /** Index of the bucket that holds a value. */
  static int indexOf(long micros) {
    int index = 0;
    while (index < MICROS.length && micros > MICROS[index]) {
      index++;
    }
    return index;
  }
}

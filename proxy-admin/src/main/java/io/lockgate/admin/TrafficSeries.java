package io.lockgate.admin;

import io.lockgate.admin.TrafficReading.HostCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The last hour of one host, or of several together, sample by sample in fixed arrays. Not safe for
 * several threads.
 */
final class TrafficSeries {
  /** An hour of samples. */
  static final int LENGTH = 360;

  /**
   * Over how many samples the latencies of one point are taken: few requests make bad quantiles.
   */
  private static final int SMOOTHED = 6;

  private final int[] requests = new int[LENGTH];
  private final int[] requestFailures = new int[LENGTH];
  private final int[] handshakes = new int[LENGTH];
  private final int[] handshakeFailures = new int[LENGTH];
  private final float[] requestP50 = empty();
  private final float[] requestP99 = empty();
  private final float[] handshakeP99 = empty();
  private final LatencyWindow requestTimes;
  private final LatencyWindow handshakeTimes;
  private int recorded;

  /**
   * @param before what was counted before the first sample
   */
  TrafficSeries(HostCounts before) {
    requestTimes = new LatencyWindow(before.requestBuckets());
    handshakeTimes = new LatencyWindow(before.handshakeBuckets());
  }

  private static float[] empty() {
    float[] values = new float[LENGTH];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  /** Takes what came between two readings. */
  void record(int slot, HostCounts before, HostCounts now) {
    requests[slot] = difference(before.requests(), now.requests());
    requestFailures[slot] = difference(before.requestFailures(), now.requestFailures());
    handshakes[slot] = difference(before.handshakes(), now.handshakes());
    handshakeFailures[slot] = difference(before.handshakeFailures(), now.handshakeFailures());
    requestTimes.add(now.requestBuckets());
    handshakeTimes.add(now.handshakeBuckets());
    requestP50[slot] = (float) requestTimes.quantile(0.5, SMOOTHED);
    requestP99[slot] = (float) requestTimes.quantile(0.99, SMOOTHED);
    handshakeP99[slot] = (float) handshakeTimes.quantile(0.99, SMOOTHED);
    recorded = Math.min(recorded + 1, LENGTH);
  }

  private static int difference(long before, long now) {
    return (int) Math.max(0, now - before);
  }

  /** Over the last samples, of which {@code last} is the newest. */
  Sum over(int last, int samples) {
    Sum sum = new Sum();
    for (int back = 0; back < Math.min(samples, LENGTH); back++) {
      int slot = slot(last, back);
      sum.requests += requests[slot];
      sum.requestFailures += requestFailures[slot];
      sum.handshakes += handshakes[slot];
      sum.handshakeFailures += handshakeFailures[slot];
    }
    return sum;
  }

  /** In seconds, over the last five minutes. */
  Optional<Double> requestP99() {
    return known(requestTimes.quantile(0.99, LatencyWindow.DEPTH));
  }

  /** In seconds, over the last five minutes. */
  Optional<Double> handshakeP99() {
    return known(handshakeTimes.quantile(0.99, LatencyWindow.DEPTH));
  }

  private static Optional<Double> known(double value) {
    return Double.isNaN(value) ? Optional.empty() : Optional.of(rounded(value));
  }

  /** To microseconds: more digits would only be noise in a document. */
  private static double rounded(double seconds) {
    return Math.round(seconds * 1e6) / 1e6;
  }

  /**
   * The newest points, the oldest of them first.
   *
   * @param last the newest slot
   * @param times of the points, in seconds since 1970; of those before this began nothing is known
   */
  Points points(Optional<String> host, List<Long> times, int last) {
    int count = times.size();
    return new Points(
        host,
        times,
        each(count, back -> requests[slot(last, back)]),
        each(count, back -> requestFailures[slot(last, back)]),
        each(count, back -> handshakes[slot(last, back)]),
        each(count, back -> handshakeFailures[slot(last, back)]),
        each(count, back -> value(requestP50[slot(last, back)])),
        each(count, back -> value(requestP99[slot(last, back)])),
        each(count, back -> value(handshakeP99[slot(last, back)])));
  }

  private static int slot(int last, int back) {
    return Math.floorMod(last - back, LENGTH);
  }

  private <T> List<T> each(int count, IntFunction<T> value) {
    List<T> values = new ArrayList<>(count); // with null for what is not known
    for (int back = count - 1; back >= 0; back--) {
      values.add(back < recorded ? value.apply(back) : null);
    }
    return values;
  }

  private static Double value(float seconds) {
    return Float.isNaN(seconds) ? null : (Double) rounded(seconds);
  }

  /** What happened in a time. */
  static final class Sum {
    long requests;
    long requestFailures;
    long handshakes;
    long handshakeFailures;
  }

  /**
   * A document: counts of each sample, and latencies in seconds over the minute before it.
   *
   * @param host empty for all together
   */
  record Points(
      Optional<String> host,
      List<Long> times,
      List<Integer> requests,
      List<Integer> requestFailures,
      List<Integer> handshakes,
      List<Integer> handshakeFailures,
      List<Double> requestP50,
      List<Double> requestP99,
      List<Double> handshakeP99) {

    /** Of a host that has no history of its own. */
    static Points none(Optional<String> host) {
      return new Points(
          host, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of());
    }
  }
}

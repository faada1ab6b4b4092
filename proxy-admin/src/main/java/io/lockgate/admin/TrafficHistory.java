package io.lockgate.admin;

import io.lockgate.admin.TrafficReading.HostCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last hour in memory: of all hosts together, and of the busiest and worst ones apart. Its
 * memory is bounded whatever the number of hosts: some 12 KiB for each of {@link #MOST_HOSTS}. Safe
 * for several threads.
 */
final class TrafficHistory {
  /** How far apart samples are. */
  static final Duration PERIOD = Duration.ofSeconds(10);

  /** Hosts with a history of their own. */
  static final int MOST_HOSTS = 20;

  /** Hosts whose standing is known; others wait until they are among the first. */
  private static final int MOST_RANKED = 10_000;

  private static final int MOST_REASONS = 40;

  /** A failure is worth as much attention as this many events that went well. */
  private static final int WEIGHT_OF_FAILURE = 100;

  /**
   * What a host's standing keeps of itself from sample to sample; half is gone in three minutes.
   */
  private static final double KEPT = 0.96;

  /** A host must stand out by this much to take another's place, which loses its history. */
  private static final double MARGIN = 1.5;

  private final long[] times = new long[TrafficSeries.LENGTH];
  private final Map<String, TrafficSeries> hosts = new HashMap<>();
  private final Map<String, Double> ranks = new HashMap<>();
  private final Map<String, int[]> reasons = new LinkedHashMap<>();
  private final TrafficSeries total;
  private TrafficReading before;
  private Instant timeBefore;
  private double lastSeconds = PERIOD.toSeconds();
  private int samples;
  private int last = -1;

  TrafficHistory(TrafficReading first, Instant now) {
    this.before = first;
    this.timeBefore = now;
    this.total = new TrafficSeries(first.total());
  }

  /** Takes a sample. */
  synchronized void add(TrafficReading reading, Instant now) {
    int slot = (last + 1) % TrafficSeries.LENGTH;
    times[slot] = now.getEpochSecond();
    lastSeconds = Math.max(1, Duration.between(timeBefore, now).toMillis()) / 1e3;
    rank(reading);
    choose();
    total.record(slot, before.total(), reading.total());
    hosts.forEach((host, series) -> series.record(slot, before.of(host), reading.of(host)));
    countReasons(slot, reading);
    before = reading;
    timeBefore = now;
    last = slot;
    samples = Math.min(samples + 1, TrafficSeries.LENGTH);
  }

  private void rank(TrafficReading reading) {
    ranks.replaceAll((host, rank) -> rank * KEPT);
    reading
        .hosts()
        .forEach(
            (host, counts) -> {
              double news = news(before.of(host), counts);
              if (news > 0 && (ranks.size() < MOST_RANKED || ranks.containsKey(host))) {
                ranks.merge(host, news, Double::sum);
              }
            });
    ranks.values().removeIf(rank -> rank < 0.1);
  }

  private static double news(HostCounts before, HostCounts now) {
    double events =
        now.requests() - before.requests() + (double) (now.handshakes() - before.handshakes());
    double failures =
        now.requestFailures()
            - before.requestFailures()
            + (double) (now.handshakeFailures() - before.handshakeFailures());
    return events + failures * WEIGHT_OF_FAILURE;
  }

  /** Hosts that stand out get a history; they take the places of those that no longer do. */
  private void choose() {
    List<String> candidates =
        ranks.keySet().stream()
            .filter(host -> !hosts.containsKey(host))
            .sorted(Comparator.comparingDouble(this::rankOf).reversed())
            .limit(MOST_HOSTS)
            .toList();
    for (String candidate : candidates) {
      if (hosts.size() >= MOST_HOSTS) {
        String least = hosts.keySet().stream().min(Comparator.comparingDouble(this::rankOf)).get();
        if (rankOf(candidate) < rankOf(least) * MARGIN) {
          return;
        }
        hosts.remove(least);
      }
      hosts.put(candidate, new TrafficSeries(before.of(candidate)));
    }
  }

  private double rankOf(String host) {
    return ranks.getOrDefault(host, 0.0);
  }

  private void countReasons(int slot, TrafficReading reading) {
    reasons.values().forEach(counts -> counts[slot] = 0);
    reading
        .failures()
        .forEach(
            (reason, count) -> {
              long news = count - before.failures().getOrDefault(reason, 0L);
              if (news > 0 && (reasons.size() < MOST_REASONS || reasons.containsKey(reason))) {
                reasons.computeIfAbsent(reason, key -> new int[TrafficSeries.LENGTH])[slot] =
                    (int) news;
              }
            });
  }

  /** Points of a host, or of all together; empty for a host that has none of its own. */
  synchronized Optional<TrafficSeries.Points> points(Optional<String> host) {
    List<Long> at = new ArrayList<>(samples);
    for (int back = samples - 1; back >= 0; back--) {
      at.add(times[Math.floorMod(last - back, TrafficSeries.LENGTH)]);
    }
    return host.isEmpty()
        ? Optional.of(total.points(host, at, last))
        : host.map(hosts::get).map(series -> series.points(host, at, last));
  }

  /** All together as it stands now. */
  synchronized Rates total() {
    return rates("", total);
  }

  /** The hosts that have a history, the most remarkable first. */
  synchronized List<Rates> hosts() {
    return hosts.keySet().stream()
        .sorted(Comparator.comparingDouble(this::rankOf).reversed().thenComparing(host -> host))
        .map(host -> rates(host, hosts.get(host)))
        .toList();
  }

  /** Hosts with traffic of late that have no history of their own. */
  synchronized int hostsWithout() {
    return (int) ranks.keySet().stream().filter(host -> !hosts.containsKey(host)).count();
  }

  /** Why handshakes failed within the hour, the most frequent reason of late first. */
  synchronized List<Reason> reasons() {
    return reasons.keySet().stream()
        .map(this::reason)
        .filter(reason -> reason.lastHour() > 0)
        .sorted(
            Comparator.comparingLong(Reason::lastFiveMinutes)
                .thenComparingLong(Reason::lastHour)
                .reversed())
        .toList();
  }

  private Reason reason(String reason) {
    return new Reason(
        reason,
        sum(reasons.get(reason), 1),
        sum(reasons.get(reason), LatencyWindow.DEPTH),
        sum(reasons.get(reason), TrafficSeries.LENGTH),
        before.failures().getOrDefault(reason, 0L));
  }

  private long sum(int[] counts, int newest) {
    long sum = 0;
    for (int back = 0; back < newest; back++) {
      sum += counts[Math.floorMod(last - back, TrafficSeries.LENGTH)];
    }
    return sum;
  }

  private Rates rates(String host, TrafficSeries series) {
    TrafficSeries.Sum now = samples == 0 ? new TrafficSeries.Sum() : series.over(last, 1);
    TrafficSeries.Sum recent = series.over(last, LatencyWindow.DEPTH);
    TrafficSeries.Sum hour = series.over(last, TrafficSeries.LENGTH);
    return new Rates(
        host,
        now.requests / lastSeconds,
        success(recent.requests, recent.requestFailures),
        success(hour.requests, hour.requestFailures),
        series.requestP99(),
        now.handshakes / lastSeconds,
        success(recent.handshakes, recent.handshakeFailures),
        success(hour.handshakes, hour.handshakeFailures),
        series.handshakeP99());
  }

  private static Optional<Double> success(long all, long failed) {
    return all == 0 ? Optional.empty() : Optional.of((double) (all - failed) / all);
  }

  /**
   * How a host does. Shares are empty where nothing happened, latencies in seconds.
   *
   * @param host empty for all together
   * @param requestSuccess over five minutes
   * @param requestSuccessHour over an hour, or since the start
   * @param requestP99 over five minutes
   */
  record Rates(
      String host,
      double requestsPerSecond,
      Optional<Double> requestSuccess,
      Optional<Double> requestSuccessHour,
      Optional<Double> requestP99,
      double handshakesPerSecond,
      Optional<Double> handshakeSuccess,
      Optional<Double> handshakeSuccessHour,
      Optional<Double> handshakeP99) {}

  /** How often handshakes failed for a reason. */
  record Reason(
      String reason, long lastSample, long lastFiveMinutes, long lastHour, long sinceStart) {}
}

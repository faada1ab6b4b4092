package io.lockgate.admin;

import io.lockgate.alert.LevelSource;
import io.lockgate.alert.ServiceLevel;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.MetricPoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the counters say at one moment, since the process started. Immutable once it is made. */
final class TrafficReading {
  /** The host label of clients that ask for no host of ours; nobody's objective. */
  static final String UNKNOWN_HOST = "other";

  /** Before anything happened. */
  static final TrafficReading NOTHING = new TrafficReading();

  private static final HostCounts NO_COUNTS = new HostCounts();

  private final Map<String, HostCounts> hosts = new HashMap<>();
  private final Map<String, Long> failures = new TreeMap<>();
  private final HostCounts total = new HostCounts();

  private TrafficReading() {}

  static TrafficReading of(LevelSource levels, List<MetricFamily> families) {
    TrafficReading reading = new TrafficReading();
    levels.read((level, host, good, bad) -> reading.counts(host).add(level, good, bad));
    families.forEach(reading::take);
    reading.hosts.forEach(
        (host, counts) -> {
          if (!host.equals(UNKNOWN_HOST)) {
            reading.total.add(counts);
          }
        });
    return reading;
  }

  /** Hosts that have had traffic. */
  Map<String, HostCounts> hosts() {
    return hosts;
  }

  /** Zeros for a host without traffic. */
  HostCounts of(String host) {
    return hosts.getOrDefault(host, NO_COUNTS);
  }

  /** All configured hosts together. */
  HostCounts total() {
    return total;
  }

  /** Failed handshakes by reason, of all clients. */
  Map<String, Long> failures() {
    return failures;
  }

  private HostCounts counts(String host) {
    return hosts.computeIfAbsent(host, key -> new HostCounts());
  }

  private void take(MetricFamily family) {
    Metric metric = family.metric();
    if (metric == Metric.TLS_HANDSHAKE_FAILURES) {
      int reason = metric.labels().indexOf("reason");
      family
          .points()
          .forEach(p -> failures.merge(p.labelValues().get(reason), value(p), Long::sum));
    } else if (metric == Metric.HTTP_REQUEST_DURATION) {
      family.points().forEach(p -> hostOf(metric, p).addRequests(LatencyWindow.countsOf(p)));
    } else if (metric == Metric.TLS_HANDSHAKE_DURATION) {
      family.points().forEach(p -> hostOf(metric, p).addHandshakes(LatencyWindow.countsOf(p)));
    }
  }

  private HostCounts hostOf(Metric metric, MetricPoint point) {
    return counts(point.labelValues().get(metric.labels().indexOf("host")));
  }

  private static long value(MetricPoint point) {
    return (long) ((MetricPoint.Value) point).value();
  }

  /** Of one host, or of several together. */
  static final class HostCounts {
    /** Most of very many hosts have no histogram; they share this. */
    private static final long[] NO_EVENTS = LatencyWindow.nothing();

    private long requests;
    private long requestFailures;
    private long handshakes;
    private long handshakeFailures;
    private long[] requestBuckets = NO_EVENTS;
    private long[] handshakeBuckets = NO_EVENTS;

    long requests() {
      return requests;
    }

    long requestFailures() {
      return requestFailures;
    }

    long handshakes() {
      return handshakes;
    }

    long handshakeFailures() {
      return handshakeFailures;
    }

    /** Not to be changed. */
    long[] requestBuckets() {
      return requestBuckets;
    }

    /** Not to be changed. */
    long[] handshakeBuckets() {
      return handshakeBuckets;
    }

    private void add(ServiceLevel level, long good, long bad) {
      if (level == ServiceLevel.REQUESTS) {
        requests += good + bad;
        requestFailures += bad;
      } else {
        handshakes += good + bad;
        handshakeFailures += bad;
      }
    }

    private void add(HostCounts other) {
      requests += other.requests;
      requestFailures += other.requestFailures;
      handshakes += other.handshakes;
      handshakeFailures += other.handshakeFailures;
      addRequests(other.requestBuckets);
      addHandshakes(other.handshakeBuckets);
    }

    private void addRequests(long[] buckets) {
      requestBuckets = sum(requestBuckets, buckets);
    }

    private void addHandshakes(long[] buckets) {
      handshakeBuckets = sum(handshakeBuckets, buckets);
    }

    private static long[] sum(long[] one, long[] other) {
      if (other == NO_EVENTS) {
        return one;
      }
      long[] sum = one == NO_EVENTS ? LatencyWindow.nothing() : one;
      for (int bucket = 0; bucket < sum.length; bucket++) {
        sum[bucket] += other[bucket];
      }
      return sum;
    }
  }
}

package io.lockgate.metrics;

import io.lockgate.alert.LevelSource;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Counters and histograms of the whole process, sharded per event loop and merged at scrape. Event
 * loops write into their own {@link LoopMetrics}; what is a state rather than an event is read from
 * {@link MetricSource}s when somebody asks. Scrapes take turns and never make a loop wait.
 */
public final class ProxyMetrics {
  private final LoopMetrics[] loops;
  private final HostLabels hostLabels;
  private final List<MetricSource> sources;
  private final LatencyTotals latencies = new LatencyTotals();
  private final ConfigurationMetrics configuration = new ConfigurationMetrics();

  /**
   * @param loops number of event loops
   * @param sources of gauges, read at every scrape
   */
  public ProxyMetrics(int loops, List<MetricSource> sources) {
    this(loops, sources, HostLabels.MOST_HOSTS);
  }

  ProxyMetrics(int loops, List<MetricSource> sources, int mostHistogramHosts) {
    hostLabels = new HostLabels(mostHistogramHosts);
    this.loops =
        Stream.generate(() -> new LoopMetrics(hostLabels)).limit(loops).toArray(LoopMetrics[]::new);
    this.sources = List.copyOf(sources);
  }

  /** What the loop with this index tells its events to. */
  public LoopMetrics forLoop(int index) {
    return loops[index];
  }

  /**
   * Other hosts are configured. Whoever calls this has each loop {@link LoopMetrics#forget} the
   * hosts that are gone, and then the whole {@link #forget} them.
   *
   * @param configured tells whether a host is, by its label
   * @return the hosts that had histograms of their own and are configured no more
   */
  public Set<String> retainHosts(Predicate<String> configured) {
    return hostLabels.retain(configured);
  }

  /** Drops what was recorded of hosts that all loops have forgotten. */
  public synchronized void forget(Set<String> gone) {
    latencies.forget(Metric.HTTP_REQUEST_DURATION, gone);
    latencies.forget(Metric.TLS_HANDSHAKE_DURATION, gone);
  }

  /** On that loop. */
  public void recordLoopLag(int loop, long nanos) {
    loops[loop].lagged(nanos);
  }

  /** The first configuration serves; not a reload. */
  public void started(long generation, Instant time) {
    configuration.started(generation, time);
  }

  /**
   * A reload is over.
   *
   * @param generation that serves after it
   * @param result {@code applied}, {@code unchanged} or {@code rejected}, in any case
   */
  public void reloaded(long generation, Instant time, String result) {
    configuration.reloaded(generation, time, result.toLowerCase(Locale.ROOT));
  }

  /** Connections that a listener has open now, over all loops. */
  public long openConnections(String listener) {
    return Arrays.stream(loops).mapToLong(loop -> loop.open(listener)).sum();
  }

  /** Connections and requests of clients since the start, over all loops. From any thread. */
  public long served() {
    return Arrays.stream(loops).mapToLong(LoopMetrics::served).sum();
  }

  /** How often hosts kept and missed their service levels since the start. From any thread. */
  public void readLevels(LevelSource.Counts counts) {
    Arrays.stream(loops).forEach(loop -> loop.readLevels(counts));
  }

  /** Everything as it stands, in the order of {@link Metric}. Blocks other callers meanwhile. */
  public List<MetricFamily> collect() {
    return collect(true);
  }

  /** The same without the percentiles of histograms, in a fraction of the time. */
  public List<MetricFamily> scrape() {
    return collect(false);
  }

  /**
   * What the dashboard samples, as {@link #scrape} tells it and in a fraction of its time: why
   * handshakes fail, how long they, requests and turns of event loops take, what is open and under
   * way, processor time and pressure of memory. Blocks other callers meanwhile.
   */
  public synchronized List<MetricFamily> glance() {
    Readings readings = new Readings();
    for (LoopMetrics loop : loops) {
      loop.glance(readings, latencies);
    }
    for (Metric metric : LoopMetrics.GLANCED_DURATIONS) {
      latencies.report(metric, readings, false);
    }
    for (MetricSource source : sources) {
      source.glance(readings);
    }
    return readings.families();
  }

  private synchronized List<MetricFamily> collect(boolean percentiles) {
    Readings readings = new Readings();
    Arrays.stream(loops).forEach(loop -> loop.report(readings, latencies));
    latencies.report(readings, percentiles);
    configuration.read(readings);
    sources.forEach(source -> source.read(readings));
    return readings.families();
  }
}

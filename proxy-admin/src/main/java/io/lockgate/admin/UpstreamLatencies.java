package io.lockgate.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.MetricPoint;
import io.lockgate.proxy.UpstreamView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long upstreams took to answer, for the document that shows them. Immutable. */
final class UpstreamLatencies {
  private final Map<String, Latency> byUpstream;

  private UpstreamLatencies(Map<String, Latency> byUpstream) {
    this.byUpstream = byUpstream;
  }

  static UpstreamLatencies in(List<MetricFamily> families) {
    Map<String, Latency> found = new HashMap<>();
    for (MetricFamily family : families) {
      if (family.metric() == Metric.UPSTREAM_DURATION) {
        family.points().forEach(point -> take(point, found));
      }
    }
    return new UpstreamLatencies(found);
  }

  private static void take(MetricPoint point, Map<String, Latency> found) {
    if (point instanceof MetricPoint.Distribution distribution) {
      MetricPoint.Percentiles percentiles = distribution.percentiles();
      found.put(
          distribution.labelValues().get(0),
          new Latency(
              distribution.count(),
              percentiles.p50(),
              percentiles.p90(),
              percentiles.p99(),
              percentiles.p999(),
              percentiles.max()));
    }
  }

  Upstreams beside(List<UpstreamView> upstreams) {
    return new Upstreams(upstreams.stream().map(this::with).toList());
  }

  private Upstream with(UpstreamView view) {
    return new Upstream(
        view.name(),
        view.protocol(),
        view.tls(),
        view.waiting(),
        Optional.ofNullable(byUpstream.get(view.name())),
        view.servers());
  }

  record Upstreams(List<Upstream> upstreams) {}

  /** An upstream as it stands, and its answers since the start of the process. */
  record Upstream(
      String name,
      String protocol,
      Optional<UpstreamView.TlsView> tls,
      int waiting,
      Optional<Latency> durationSeconds,
      List<UpstreamView.ServerView> servers) {}

  /** From the request's being sent to the end of the response, in seconds. */
  record Latency(
      long count,
      double p50,
      double p90,
      double p99,
      @JsonProperty("p99_9") double p999,
      double max) {}
}

package io.lockgate.admin;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.explain.ClientReport;
import io.lockgate.explain.ExplainedHandshake;
import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricFamily;
import io.lockgate.metrics.MetricPoint;
import io.lockgate.proxy.ConnectionsView;
import io.lockgate.proxy.ListenerView;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.proxy.UpstreamView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The JSON documents of the admin endpoint. Component names are field names in snake_case and a
 * promise to scripts: they may grow, never change.
 */
final class Documents {
  private Documents() {}

  record EndpointList(List<EndpointHelp> endpoints) {}

  record EndpointHelp(String method, String path, String help) {}

  record Hosts(List<HostView> hosts) {}

  record Upstreams(List<UpstreamView> upstreams) {}

  record Certificates(List<CertificateView> certificates) {}

  record Clients(List<ClientReport> hosts) {}

  record Handshakes(List<ExplainedHandshake> handshakes) {}

  record Connections(List<ListenerView> listeners, List<ConnectionsView> groups) {}

  record Configuration(long generation, List<SettingView> settings) {}

  record Reloads(List<Reload> reloads) {}

  record Reload(
      long generation,
      Instant time,
      double tookMs,
      String trigger,
      String result,
      List<String> changes,
      List<Problem> errors,
      List<Problem> warnings) {

    static Reload of(ReloadReport report) {
      return new Reload(
          report.generation(),
          report.time(),
          report.took().toNanos() / 1e6,
          report.trigger(),
          lower(report.result()),
          report.changes(),
          problems(report, ConfigProblem.Severity.ERROR),
          problems(report, ConfigProblem.Severity.WARNING));
    }

    private static List<Problem> problems(ReloadReport report, ConfigProblem.Severity severity) {
      return report.problems().stream()
          .filter(problem -> problem.severity() == severity)
          .map(Problem::of)
          .toList();
    }
  }

  /** The answer to a reload that was refused: the whole report, and what to do. */
  record Rejection(
      String error, String hint, long generation, List<Problem> errors, List<Problem> warnings) {
    static Rejection of(Reload reload) {
      return new Rejection(
          "the configuration was rejected; generation " + reload.generation() + " goes on serving",
          "mend the errors and reload again; lockgate check shows them with their lines",
          reload.generation(),
          reload.errors(),
          reload.warnings());
    }
  }

  record Problem(String code, String path, String file, int line, String message, String hint) {
    static Problem of(ConfigProblem problem) {
      return new Problem(
          problem.code(),
          problem.path(),
          problem.origin().file(),
          problem.origin().line(),
          problem.message(),
          problem.hint().orElse(""));
    }
  }

  record State(String state, String version, long generation) {}

  record ServerWish(String upstream, String server, String state) {}

  record Upgrade(long pid, String version) {}

  record LoggerLevel(String logger, String level) {}

  /** Every metric once more, with percentiles in place of buckets. */
  record Stats(
      Instant time, String version, String state, long generation, Map<String, Stat> metrics) {

    static Map<String, Stat> metrics(List<MetricFamily> families) {
      Map<String, Stat> metrics = new LinkedHashMap<>();
      families.forEach(family -> metrics.put(family.metric().metricName(), Stat.of(family)));
      return metrics;
    }
  }

  record Stat(String kind, String unit, String help, List<Map<String, Object>> points) {
    static Stat of(MetricFamily family) {
      Metric metric = family.metric();
      return new Stat(
          lower(metric.kind()),
          metric.unit(),
          metric.help(),
          family.points().stream().map(point -> point(metric, point)).toList());
    }

    private static Map<String, Object> point(Metric metric, MetricPoint point) {
      Map<String, Object> labels = new LinkedHashMap<>();
      for (int i = 0; i < metric.labels().size(); i++) {
        labels.put(metric.labels().get(i), point.labelValues().get(i));
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("labels", labels);
      if (point instanceof MetricPoint.Value value) {
        fields.put("value", value.value());
      } else if (point instanceof MetricPoint.Total total) {
        fields.put("count", total.count());
        fields.put("sum", total.sum());
      } else if (point instanceof MetricPoint.Distribution distribution) {
        distribution(fields, distribution);
      } else {
        throw new AssertionError(point);
      }
      return fields;
    }

    private static void distribution(
        Map<String, Object> fields, MetricPoint.Distribution distribution) {
      MetricPoint.Percentiles percentiles = distribution.percentiles();
      fields.put("count", distribution.count());
      fields.put("sum", distribution.sum());
      fields.put("p50", percentiles.p50());
      fields.put("p90", percentiles.p90());
      fields.put("p99", percentiles.p99());
      fields.put("p99_9", percentiles.p999());
      fields.put("max", percentiles.max());
    }
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

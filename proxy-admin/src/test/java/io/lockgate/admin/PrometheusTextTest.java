package io.lockgate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.metrics.Metric;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrometheusTextTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

  private final PrometheusText text = new PrometheusText();

  @Test
  void followsTheTextFormatToTheLetter() {
    MetricsText parsed = MetricsText.parse(render(""));

    assertThat(parsed.samples)
        .containsEntry(
            "lockgate_http_requests_total"
                + labels("host", "www.example", "protocol", "h2", "method", "GET", "code", "200"),
            4.0)
        .containsEntry("lockgate_config_generation{}", 2.0)
        .containsEntry("lockgate_event_loop_lag_seconds_bucket" + labels("le", "1.0E-4"), 1.0)
        .containsEntry(
            "lockgate_http_response_bytes_total" + labels("host", "www.example"), 4000.0);
  }

  @Test
  void escapesLabelValues() {
    assertThat(MetricsText.parse(render("")).samples)
        .containsEntry(
            "lockgate_http_rejected_requests_total" + labels("reason", PopulatedMetrics.AWKWARD),
            1.0);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void showsEveryMetricUnderItsName(Metric metric) {
    Map<String, String> types = MetricsText.parse(render("")).types;

    assertThat(types).containsKey(metric.metricName());
    assertThat(types.get(metric.metricName())).isEqualTo(Documents.lower(metric.kind()));
  }

  @Test
  void speaksOpenMetricsToThoseWhoAskForIt() {
    AdminResponse response = text.render(PopulatedMetrics.families(), OPEN_METRICS);

    assertThat(response.contentType()).startsWith("application/openmetrics-text");
    assertThat(new String(response.body(), UTF_8))
        .endsWith("# EOF\n")
        .contains("# UNIT lockgate_http_request_duration_seconds seconds\n")
        .contains("lockgate_http_requests_total{")
        .contains("# TYPE lockgate_connections gauge\n", "lockgate_connections_total{listener=");
  }

  @Test
  void speaksPlainTextToEverybodyElse() {
    assertThat(text.render(PopulatedMetrics.families(), "*/*").contentType())
        .startsWith("text/plain; version=0.0.4");
  }

  private String render(String accept) {
    return new String(text.render(PopulatedMetrics.families(), accept).body(), UTF_8);
  }

  private static String labels(String... pairs) {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      labels.put(pairs[i], pairs[i + 1]);
    }
    return labels.toString();
  }
}

package io.lockgate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names and labels that rules, dashboards and scripts of operators are written with. */
class MetricNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tls_handshakes_total | listener host version resumed
          tls_handshake_failures_total | listener host reason
          tls_handshake_duration_seconds | host resumed
          tls_negotiated_total | what value
          tls_certificate_not_after_timestamp_seconds | certificate
          tls_certificate_not_before_timestamp_seconds | certificate
          tls_client_auth_failures_total | host reason
          ocsp_staples_total | certificate result
          ocsp_fetches_total | certificate result
          ocsp_response_next_update_timestamp_seconds | certificate
          tls_closes_total | side how
          tls_cpu_seconds_total | phase
          tls_ticket_keys | state
          tls_ticket_key_age_seconds | ''
          http_requests_total | host protocol method code
          http_request_duration_seconds | host
          http_request_bytes_total | host
          http_response_bytes_total | host
          http_rejected_requests_total | reason
          upstream_requests_total | upstream server result
          upstream_duration_seconds | upstream
          upstream_retries_total | upstream
          upstream_ejections_total | upstream server
          upstream_healthy | upstream server
          upstream_connections | upstream server state
          upstream_tls_handshakes_total | upstream result resumed
          connections | listener state
          connections_total | listener
          passthrough_bytes_total | host direction
          config_generation | ''
          config_reloads_total | result
          config_last_reload_successful | ''
          config_last_reload_success_timestamp_seconds | ''
          event_loop_lag_seconds | ''
          memory_direct_bytes | ''
          build_info | version java
          """)
  void stayAsTheyAre(String name, String labels) {
    List<Metric> found =
        Arrays.stream(Metric.values())
            .filter(metric -> metric.metricName().equals("lockgate_" + name))
            .toList();

    assertThat(found).hasSize(1);
    assertThat(String.join(" ", found.get(0).labels())).isEqualTo(labels);
  }

  @Test
  void areDifferent() {
    assertThat(Arrays.stream(Metric.values()).map(Metric::metricName).collect(Collectors.toSet()))
        .hasSize(Metric.values().length);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void sayWhetherTheyCount(Metric metric) {
    assertThat(metric.metricName().endsWith("_total"))
        .isEqualTo(metric.kind() == Metric.Kind.COUNTER);
  }
}

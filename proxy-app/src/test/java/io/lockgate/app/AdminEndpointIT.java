package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.AdminClient;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Metrics;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin endpoint: what it tells, and whom it obeys. */
class AdminEndpointIT {
  private static final String TOKEN = "t0ken-for-tests";

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    proxy =
        LockgateProcess.in(directory)
            .config(
                Site.forwardingTo(origin.address())
                    + "lockgate.admin { address = \"127.0.0.1:{{admin}}\","
                    + " token = ${?ADMIN_TOKEN_FOR_TEST} }\n")
            .environment("ADMIN_TOKEN_FOR_TEST", TOKEN)
            .start();
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get("/seen")).readResponse();
    }
    Patience.until(
        "the request is counted", () -> proxy.metric("lockgate_http_requests_total") == 1);
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static AdminClient authorized() {
    return proxy.admin().with("Authorization", "Bearer " + TOKEN);
  }

  @Test
  void livezIsOkWhileEventLoopsTurn() {
    assertThat(proxy.admin("/livez").strip()).isEqualTo("ok");
  }

  @Test
  void readyzIsGoodWhileServing() {
    proxy.admin().get("/readyz").expect(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/stats,        p99",
    "/config,       idle-timeout",
    "/hosts,        www.example.com",
    "/upstreams,    app",
    "/certificates, www",
    "/reloads,      generation",
  })
  void tellsInJson(String path, String part) {
    AdminClient.Answer answer = proxy.admin().get(path).expect(200);
    assertThat(answer.message().field("Content-Type").orElseThrow()).startsWith("application/json");
    Json.parse(answer.text());
    assertThat(answer.text()).contains(part);
  }

  @Test
  void certificatesSayAllThatAnOperatorAsksFor() {
    assertThat(proxy.admin("/certificates"))
        .contains("www.example.com", "*.apps.example.com", "Test Root CA", "serial", "days");
  }

  @Test
  void upstreamsNameServersAndTheirHealth() {
    assertThat(proxy.admin("/upstreams")).contains(origin.address(), "healthy");
  }

  @Test
  void certificatesTellHowManyHandshakesTheyHaveServed() {
    assertThat(proxy.admin("/certificates")).containsPattern("\"handshakes\": ?[1-9]");
  }

  @Test
  void connectionsTellWhatIsSpokenAtWhichHost() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get("/seen")).readResponse();
      assertThat(proxy.admin("/connections").replace(" ", ""))
          .contains("\"host\":\"www.example.com\",\"protocol\":\"h1\",\"open\":1");
    }
  }

  @Test
  void upstreamsTellHowLongTheirServersTake() {
    assertThat(proxy.admin("/upstreams")).containsPattern("\"duration_seconds\": ?\\{");
  }

  @Test
  void configNeverShowsTheToken() {
    assertThat(proxy.admin("/config"))
        .contains("<redacted>", "lockgate.conf")
        .doesNotContain(TOKEN);
  }

  @Test
  void metricsAreThoseOfTheContract() {
    Metrics metrics = Metrics.parse(proxy.admin("/metrics"));
    assertThat(metrics.names())
        .contains(
            "lockgate_tls_handshakes_total",
            "lockgate_tls_handshake_duration_seconds_count",
            "lockgate_tls_certificate_not_after_timestamp_seconds",
            "lockgate_tls_certificate_not_before_timestamp_seconds",
            "lockgate_http_requests_total",
            "lockgate_http_request_duration_seconds_bucket",
            "lockgate_http_request_bytes_total",
            "lockgate_http_response_bytes_total",
            "lockgate_upstream_requests_total",
            "lockgate_upstream_duration_seconds_count",
            "lockgate_upstream_healthy",
            "lockgate_upstream_connections",
            "lockgate_connections",
            "lockgate_connections_total",
            "lockgate_config_generation",
            "lockgate_config_last_reload_successful",
            "lockgate_config_last_reload_success_timestamp_seconds",
            "lockgate_event_loop_lag_seconds_count",
            "lockgate_memory_direct_bytes",
            "lockgate_build_info");
    assertThat(
            metrics.sum(
                "lockgate_tls_handshakes_total",
                "listener=\"https\"",
                "host=\"www.example.com\"",
                "version=\"TLSv1.3\"",
                "resumed=\"full\""))
        .hasValue(1);
    assertThat(
            metrics.sum(
                "lockgate_http_requests_total",
                "host=\"www.example.com\"",
                "protocol=\"h1\"",
                "method=\"GET\"",
                "code=\"200\""))
        .hasValue(1);
    assertThat(metrics.sum("lockgate_config_generation")).hasValue(1);
  }

  @Test
  void metricsSpeakOpenMetricsWhereAsked() {
    AdminClient.Answer answer =
        proxy.admin().with("Accept", "application/openmetrics-text; version=1.0.0").get("/metrics");
    assertThat(answer.expect(200).message().field("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(answer.text()).endsWith("# EOF\n");
  }

  @Test
  void unknownPathIsNotFound() {
    proxy.admin().get("/nothing").expect(404);
  }

  @Nested
  class Changes {
    @Test
    void needTheToken() {
      assertThat(proxy.admin().post("/reload").status()).isIn(401, 403);
      assertThat(proxy.admin().with("Authorization", "Bearer wrong").post("/reload").status())
          .isIn(401, 403);
      assertThat(proxy.admin().with("Authorization", "Basic " + TOKEN).post("/reload").status())
          .isIn(401, 403);
      authorized().post("/reload").expect(200);
    }

    @Test
    void areNeverMadeByGet() {
      assertThat(authorized().get("/reload").status()).isIn(404, 405);
      assertThat(authorized().get("/drain").status()).isIn(404, 405);
      proxy.admin().get("/readyz").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1:1"})
    void areRefusedToForeignOrigins(String foreign) {
      assertThat(authorized().with("Origin", foreign).post("/reload").status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:9901", "www.example.com"})
  void foreignHostIsRefusedEvenForReading(String foreign) {
    assertThat(proxy.admin().with("Host", foreign).get("/config").status())
        .as("DNS rebinding")
        .isIn(403, 421);
    assertThat(proxy.admin().with("Origin", "https://" + foreign).get("/config").status())
        .isEqualTo(403);
  }

  @Test
  void ownNamesAreItsOwn() {
    for (String own : new String[] {"localhost", "127.0.0.1"}) {
      proxy.admin().with("Host", own + ":" + proxy.port("admin")).get("/livez").expect(200);
    }
  }
}

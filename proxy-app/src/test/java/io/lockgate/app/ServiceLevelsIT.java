package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Metrics;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TlsSide;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every service level of docs/slis.md, driven by real clients and read back from a scrape. */
class ServiceLevelsIT {
  private static final String HOSTS =
      """
      lockgate {
        http { header-timeout = 500ms }
        tls { handshake-timeout = 30s, ocsp { cache-directory = "ocsp" } }
        upstreams { app { servers = ["127.0.0.1:%d"]
          tls { server-name = app.internal, trust = "root.pem" } }
          silent { servers = ["%s"], response-timeout = 500ms, tls { verify = off } } }
        hosts {
          "www.example.com" { routes = [ { path = "/silent", upstream = silent }, { path = "/", upstream = app } ] }
          "api.example.com" {
            client-auth { trust = "root.pem" }
            routes = [ { path = "/", respond { status = 200 } } ]
          }
        }
      }
      """;

  @TempDir static Path directory;
  private static Site site;
  private static NginxOrigin origin;
  private static LockgateProcess proxy;
  private static ScriptedOrigin silent;

  @BeforeAll
  static void drive() throws IOException {
    site = Site.in(directory);
    // A responder that does not answer: the client asks for a staple that cannot be had.
    site.ca()
        .intermediate("Issuing CA")
        .leaf(Site.WWW, Site.API)
        .ocspAt("http://127.0.0.1:1")
        .issue()
        .writeTo(directory, "www");
    Path nginx = Files.createDirectories(directory.resolve("nginx"));
    site.ca().issue("app.internal").writeTo(nginx, "app");
    origin =
        NginxOrigin.startWithTlsServers(
            nginx, "ssl_certificate app.pem; ssl_certificate_key app.key; keepalive_requests 1;");
    silent =
        ScriptedOrigin.playing(
            TlsSide.of(site.ca().issue("app.internal")), ScriptedOrigin.Peer::readUntilClosed);
    proxy = site.start(Site.LISTENERS + HOSTS.formatted(origin.tlsPort(0), silent.address()));
    succeed();
    fail();
    keepWaiting();
  }

  /** A client that does not finish its head, and a server that does not answer. */
  private static void keepWaiting() throws IOException {
    assertThat(site.curl(proxy, "https://www.example.com/silent").run().all()).contains("in time");
    try (RawClient client = site.connect(proxy)) {
      client.send("GET / HT");
      client.readResponse();
    }
  }

  private static void succeed() throws IOException {
    site.curl(proxy, "https://www.example.com/small").run().expectSuccess();
    Path session = directory.resolve("session");
    for (String option : new String[] {"-sess_out", "-sess_in"}) {
      site.sClient(
              proxy, "-servername", Site.WWW, "-status", "-ign_eof", option, session.toString())
          .input(out -> out.write(request().getBytes(StandardCharsets.US_ASCII)))
          .run();
    }
    double before = handshakes();
    try (Command.Running killed =
        site.sClient(proxy, "-servername", Site.WWW, "-ign_eof").start()) {
      Patience.until("it is connected", () -> killed.alive() && handshakes() > before);
    } // the system ends the connection, and nobody the session
  }

  private static double handshakes() {
    return proxy.metricIfPresent("lockgate_tls_handshakes_total").orElse(0);
  }

  private static String request() {
    return "GET /small HTTP/1.1\r\nHost: " + Site.WWW + "\r\nConnection: close\r\n\r\n";
  }

  private static void fail() throws IOException {
    site.sClient(proxy, "-servername", Site.WWW, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0").run();
    site.sClient(proxy, "-servername", Site.WWW, "-tls1_2", "-cipher", "AES128-SHA").run();
    site.sClient(proxy, "-servername", Site.WWW, "-groups", "P-521").run();
    site.sClient(proxy, "-servername", Site.API, "-ign_eof").run();
    TestCa foreign = TestCa.root("Foreign CA", TestKey.EC_P256);
    foreign.writeRoot(directory.resolve("foreign.pem"));
    Command.of(
            "curl",
            "-sS",
            "--cacert",
            directory.resolve("foreign.pem").toString(),
            "--connect-to",
            "::127.0.0.1:" + proxy.port("https"),
            "https://www.example.com/")
        .run();
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    silent.close();
    origin.close();
  }

  @ParameterizedTest(name = "{0}: {1} {2} {3}")
  @CsvSource(
      textBlock =
          """
          M1, tls_handshakes_total, 'host="www.example.com"', 'listener="https"'
          M1, tls_handshake_failures_total, 'listener="https"', 'host="www.example.com"'
          M2, tls_certificate_not_after_timestamp_seconds, 'certificate="www"', ''
          M2, tls_certificate_not_before_timestamp_seconds, 'certificate="www"', ''
          M3, tls_handshake_duration_seconds_count, 'host="www.example.com"', 'resumed="full"'
          M3, tls_handshake_duration_seconds_bucket, 'le="+Inf"', 'resumed="ticket"'
          M4, http_requests_total, 'host="www.example.com"', 'code="200"'
          M4, http_request_duration_seconds_count, 'host="www.example.com"', ''
          M5, tls_client_auth_failures_total, 'host="api.example.com"', 'reason="missing"'
          M6, ocsp_staples_total, 'certificate="www"', 'result="missing"'
          M6, ocsp_fetches_total, 'certificate="www"', 'result="unreachable"'
          M7, tls_handshake_failures_total, 'reason="protocol_version"', ''
          M7, tls_handshake_failures_total, 'reason="cipher_mismatch"', ''
          M7, tls_handshake_failures_total, 'reason="no_shared_group"', ''
          M7, tls_handshake_failures_total, 'reason="client_rejected_certificate"', ''
          M8, tls_closes_total, 'side="client"', 'how="close_notify"'
          M8, tls_closes_total, 'side="client"', 'how="truncated"'
          M8, tls_closes_total, 'side="client"', 'how="timeout"'
          M8, tls_closes_total, 'side="upstream"', 'how="close_notify"'
          M8, tls_closes_total, 'side="upstream"', 'how="timeout"'
          M9, tls_handshakes_total, 'resumed="full"', ''
          M9, tls_handshakes_total, 'resumed="ticket"', ''
          """)
  void isFed(String level, String metric, String label, String another) {
    String[] labels = another == null ? new String[] {label} : new String[] {label, another};
    Patience.until(
        level + " has a value",
        () -> proxy.metricIfPresent("lockgate_" + metric, labels).orElse(0) > 0);
  }

  /** A sample of turns: it takes some of them before the first is measured. */
  @ParameterizedTest
  @CsvSource({"handshake", "records"})
  void processorTimeIsFed(String phase) {
    Patience.until(
        "M10 has a value",
        () -> {
          try (RawClient client = site.connect(proxy)) {
            for (int i = 0; i < 20; i++) {
              client.send(Site.get("/small")).readResponse();
            }
          }
          return proxy.metric("lockgate_tls_cpu_seconds_total", "phase=\"" + phase + "\"") > 0;
        });
  }

  @Test
  void reportOnClientsNamesWhoNeedsTls12() {
    Patience.until(
        "the program is named",
        () -> {
          site.curl(proxy, "--tls-max", "1.2", "-A", "old-till/7", "https://www.example.com/small")
              .run()
              .expectSuccess();
          return proxy.admin("/clients?host=www.example.com");
        },
        document ->
            document.contains("\"user_agent\":\"old-till/7\"")
                && document.contains("\"TLSv1.2\":")
                && document.contains("\"X25519\":"));
    assertThat(proxy.admin("/clients?host=nobody")).contains("\"hosts\":[]");
  }

  @Test
  void promtoolFindsNothingToComplainAbout() {
    String scrape = proxy.admin("/metrics");
    assertThat(Metrics.parse(scrape).names()).contains("lockgate_tls_cpu_seconds_total");
    Command.Result checked =
        Command.of("promtool", "check", "metrics")
            .input(out -> out.write(scrape.getBytes(StandardCharsets.UTF_8)))
            .run();
    assertThat(checked.expectSuccess().all()).isBlank();
  }
}

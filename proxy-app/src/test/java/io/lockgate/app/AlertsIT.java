package io.lockgate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.lockgate.testkit.AdminClient;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts that fail, one of them in its time of maintenance, and a receiver of alerts. */
class AlertsIT {
  private static final String WEBHOOK = "/api/v2/alerts";

  @TempDir static Path directory;
  private static HttpServer receiver;
  private static LockgateProcess proxy;
  private static final List<String> POSTS = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void failRequestsOfBothHosts() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        WEBHOOK,
        exchange -> {
          POSTS.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    proxy = Site.in(directory).start(config());
    proxy
        .admin()
        .call(
            "POST",
            "/silences",
            "{\"match\": {\"host\": \"api.example.com\"}, \"for\": \"1h\", \"comment\": \"disks\"}")
        .expect(200);
    for (String host : List.of(Site.WWW, Site.API)) {
      try (RawClient client = RawClient.connect(proxy.port("http"))) {
        for (int i = 0; i < 20; i++) {
          client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").readResponse();
        }
      }
    }
    Patience.until(
        "both alerts fire",
        Duration.ofSeconds(60),
        () -> proxy.admin("/alerts"),
        text -> text.contains("\"host\":\"" + Site.WWW) && text.contains("\"silenced_by\":\"s"));
  }

  private static String config() {
    return Site.LISTENERS
        + """
        lockgate {
          hosts {
            "www.example.com" { routes = [ { path = "/", respond { status = 503 } } ] }
            "api.example.com" { routes = [ { path = "/", respond { status = 503 } } ] }
          }
          alerts { webhook { url = "http://127.0.0.1:%d%s" } }
        }
        """
            .formatted(receiver.getAddress().getPort(), WEBHOOK);
  }

  @AfterAll
  static void stop() {
    proxy.close();
    receiver.stop(0);
  }

  @Test
  void aHostThatFailsPages() {
    String report = proxy.admin().get("/alerts?host=" + Site.WWW).expect(200).text();

    assertThat(Json.object(report)).containsEntry("state", "page");
    assertThat(report).contains("\"name\":\"LockgateRequestsFailFast\"", "\"state\":\"firing\"");
  }

  @Test
  void aSilencedAlertIsShownWithItsSilence() {
    String report = proxy.admin("/alerts?host=" + Site.API);

    assertThat(report).contains("\"name\":\"LockgateRequestsFailFast\"", "\"comment\":\"disks\"");
  }

  @Test
  void theReceiverIsToldInItsOwnForm() {
    String post =
        Patience.until("it is told", () -> String.join("\n", POSTS), text -> !text.isEmpty())
            .lines()
            .findFirst()
            .orElseThrow();

    Map<?, ?> alert = (Map<?, ?>) ((List<?>) Json.parse(post)).get(0);
    assertThat(alert.get("labels"))
        .isEqualTo(
            Map.of(
                "alertname", "LockgateRequestsFailFast",
                "severity", "page",
                "host", Site.WWW));
    assertThat(alert.get("annotations").toString()).contains("failed within 5m");
    assertThat(alert.get("startsAt").toString()).endsWith("Z");
  }

  @Test
  void theReceiverIsNotToldOfWhatIsSilenced() {
    Patience.until("it is told of the other", () -> !POSTS.isEmpty());

    assertThat(POSTS).noneMatch(post -> post.contains(Site.API));
  }

  @Test
  void alertsAndPostsAreMetrics() {
    Patience.until(
        "the post is counted",
        () -> proxy.metric("lockgate_alert_notifications_total", "result=\"sent\"") >= 1);

    assertThat(proxy.metric("lockgate_alerts", "severity=\"page\"", "state=\"firing\""))
        .isEqualTo(1);
    assertThat(proxy.metric("lockgate_alerts", "severity=\"page\"", "state=\"silenced\""))
        .isEqualTo(1);
    assertThat(proxy.metric("lockgate_burn_rate", "host=\"" + Site.WWW + "\"", "window=\"5m\""))
        .isGreaterThan(14.4);
  }

  @Test
  void aSilenceThatDoesNotExistCannotBeEnded() {
    AdminClient.Answer answer = proxy.admin().call("POST", "/silences/end", "{\"id\": \"s999\"}");

    assertThat(answer.status()).isEqualTo(404);
  }
}

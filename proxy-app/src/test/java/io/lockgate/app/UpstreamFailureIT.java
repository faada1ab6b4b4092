package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upstreams that are down, slow or full: the client hears of it in time and in few words. */
class UpstreamFailureIT {
  /**
   * Reserved for documentation (RFC 5737): packets to it are lost, or refused, but not answered.
   */
  private static final String NOWHERE = "192.0.2.1:9";

  private static final String HOSTS =
      """
      lockgate {
        upstreams {
          down { servers = ["127.0.0.1:{{down}}"], connect-timeout = 1s }
          nowhere { servers = ["%s"], connect-timeout = 1s }
          silent { servers = ["%s"], response-timeout = 1s }
          resetting { servers = ["%s"] }
          half { servers = ["127.0.0.1:{{half}}", "%s"] }
          two { servers = ["%s", "%s"] }
          full { servers = ["%s"], max-connections = 1, max-waiting = 1
                 connect-timeout = 20s, response-timeout = 60s }
        }
        hosts { "www.example.com" { routes = [
          { path = "/down", upstream = down }
          { path = "/nowhere", upstream = nowhere }
          { path = "/silent", upstream = silent }
          { path = "/timed", upstream = full, timeout = 1s, strip-prefix = "/timed" }
          { path = "/resetting", upstream = resetting }
          { path = "/half", upstream = half }
          { path = "/two", upstream = two }
          { path = "/full", upstream = full, strip-prefix = "/full" }
        ] } }
      }
      """;

  private static final CountDownLatch END = new CountDownLatch(1);

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin one;
  private static EchoOrigin other;
  private static EchoOrigin holding;
  private static ScriptedOrigin silent;
  private static ScriptedOrigin resetting;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    one = EchoOrigin.named("one");
    other = EchoOrigin.named("other");
    holding = EchoOrigin.start();
    silent = ScriptedOrigin.playing(peer -> peer.await(END));
    resetting =
        ScriptedOrigin.playing(
            peer -> {
              peer.readRequest();
              peer.reset();
            });
    proxy =
        site.start(
            Site.LISTENERS
                + HOSTS.formatted(
                    NOWHERE,
                    silent.address(),
                    resetting.address(),
                    one.address(),
                    one.address(),
                    other.address(),
                    holding.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    END.countDown();
    proxy.close();
    for (AutoCloseable origin : new AutoCloseable[] {one, other, holding, silent, resetting}) {
      try {
        origin.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  private static HttpMessage exchange(String path) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      return client.send(Site.get(path)).readResponse();
    }
  }

  private static void assertShortAnswer(HttpMessage answer) {
    assertThat(answer.text())
        .as("names the request and nothing of the inside")
        .contains(answer.field("X-Request-Id").orElseThrow())
        .doesNotContain("127.0.0.1", "192.0.2.1", "Exception", "io.lockgate", "netty");
    assertThat(answer.text().length()).isLessThan(1000);
  }

  @Test
  void refusedConnectionIsABadGatewayOrUnavailable() throws IOException {
    HttpMessage answer = exchange("/down");
    assertThat(answer.status()).isIn(502, 503);
    assertShortAnswer(answer);
  }

  @Test
  void serverThatCannotBeReachedIsReportedWithinTheConnectTimeout() throws IOException {
    long start = System.nanoTime();
    HttpMessage answer = exchange("/nowhere");
    assertThat(answer.status()).isIn(502, 503, 504);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("the connect timeout is a second, the client's patience is twenty")
        .isLessThan(Duration.ofSeconds(15));
    assertShortAnswer(answer);
  }

  @Test
  void silentServerIsAGatewayTimeout() throws IOException {
    HttpMessage answer = exchange("/silent");
    assertThat(answer.status()).isEqualTo(504);
    assertShortAnswer(answer);
  }

  @Test
  void resetBeforeTheResponseIsABadGateway() throws IOException {
    HttpMessage answer = exchange("/resetting");
    assertThat(answer.status()).isEqualTo(502);
    assertShortAnswer(answer);
  }

  @Test
  void clientConnectionLivesOnAfterAFailure() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      assertThat(client.send(Site.get("/down")).readResponse().status()).isIn(502, 503);
      assertThat(client.send(Site.get("/two")).readResponse().status()).isEqualTo(200);
    }
  }

  @Test
  void serverThatRefusesIsPassedOverForTheNext() throws IOException {
    for (int i = 0; i < 6; i++) {
      HttpMessage answer = exchange("/half/" + i);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.field("X-Origin")).hasValue("one");
    }
  }

  @Test
  void uploadIsPassedOnToTheNextServerWhileNothingWasSent() throws IOException {
    for (int i = 0; i < 4; i++) {
      try (RawClient client = site.connect(proxy)) {
        client.send(
            "POST /half HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void requestsGoRoundAmongTheServers() throws IOException {
    Set<String> seen = new HashSet<>();
    try (RawClient client = site.connect(proxy)) {
      for (int i = 0; i < 4; i++) {
        HttpMessage answer = client.send(Site.get("/two")).readResponse();
        seen.add(answer.field("X-Origin").orElseThrow());
      }
    }
    assertThat(seen).containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void upstreamThatComesBackIsServedWithoutARestart() throws IOException {
    assertThat(exchange("/down").status()).isIn(502, 503);
    try (EchoOrigin back = EchoOrigin.on(proxy.port("down"))) {
      HttpMessage answer =
          Patience.until(
              "the upstream is served again", () -> exchange("/down"), a -> a.status() == 200);
      assertThat(answer.field("X-Origin")).hasValue("echo");
      assertThat(back.connections()).isPositive();
    }
    Patience.until("its end is noticed", () -> exchange("/down").status() != 200);
  }

  @Test
  void moreThanMayWaitAreRefusedAndRouteTimeoutsHold() throws IOException {
    try (RawClient first = site.connect(proxy);
        RawClient second = site.connect(proxy)) {
      first.send(Site.get("/full/hold"));
      Patience.until("the only connection is taken", () -> holding.holding() == 1);
      second.send(Site.get("/timed/x"));
      assertThat(second.readResponse().status())
          .as("the route's timeout ends the wait for a connection")
          .isIn(503, 504);
      second.send(Site.get("/full/waits"));
      Patience.until(
          "one request waits",
          () ->
              proxy.metric(
                      "lockgate_upstream_connections", "upstream=\"full\"", "state=\"waiting\"")
                  == 1);
      assertThat(exchange("/full/too-many").status()).isEqualTo(503);
      holding.release();
      assertThat(first.readResponse().status()).isEqualTo(200);
      assertThat(second.readResponse().text()).startsWith("GET /waits ");
    }
  }

  @Test
  void failuresAreCountedByTheirServer() throws IOException {
    exchange("/down");
    assertThat(proxy.metric("lockgate_upstream_requests_total", "upstream=\"down\"")).isPositive();
    assertThat(proxy.metric("lockgate_upstream_healthy", "upstream=\"down\"")).isZero();
    assertThat(proxy.metric("lockgate_upstream_healthy", "upstream=\"two\"")).isEqualTo(2);
  }
}

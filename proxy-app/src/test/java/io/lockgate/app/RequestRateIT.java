package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is beyond a limit is told so, and never reaches the origin. */
class RequestRateIT {
  private static final String MORE =
      """
      lockgate.hosts."www.example.com".routes = [
        { path = "/seldom", upstream = app, limit { requests-per-second = 0.001, burst = 2 } }
        { path = "/by-key", upstream = app, limit { requests-per-second = 0.001, key = "header:X-Key" } }
        { path = "/hold", upstream = app, limit { in-flight = 1, key = route } }
        { regex = "/(a|aa)+b", respond { status = 403 } }
        { path = "/", upstream = app }
      ]
      """;

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    proxy = site.start(Site.forwardingTo(origin.address()) + MORE);
  }

  @AfterAll
  static void stop() throws IOException {
    origin.releaseAll();
    proxy.close();
    origin.close();
  }

  private static HttpMessage answer(String path, String fields) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: www.example.com\r\n" + fields + "\r\n");
      return client.readResponse();
    }
  }

  private static void awaitRejections(String reason, double atLeast) {
    Patience.until(
        reason + " is counted",
        () ->
            proxy.metric("lockgate_http_rejected_requests_total", "reason=\"" + reason + "\"")
                >= atLeast);
  }

  @Test
  void beyondTheBurstIs429AndReloadsDoNotForgive() throws IOException {
    assertThat(answer("/seldom", "").status()).isEqualTo(200);
    assertThat(answer("/seldom", "").status()).isEqualTo(200);
    HttpMessage refused = answer("/seldom", "");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(Long.parseLong(refused.field("Retry-After").orElseThrow())).isBetween(1L, 1000L);
    awaitRejections("too_many_requests", 1);

    proxy.configure(
        Site.forwardingTo(origin.address()) + MORE + "lockgate.http.idle-timeout = 60s");
    proxy.reload();
    assertThat(answer("/seldom", "").status()).as("after a reload").isEqualTo(429);
  }

  @Test
  void keysAreCountedApart() throws IOException {
    assertThat(answer("/by-key", "X-Key: a\r\n").status()).isEqualTo(200);
    assertThat(answer("/by-key", "X-Key: a\r\n").status()).isEqualTo(429);
    assertThat(answer("/by-key", "X-Key: b\r\n").status()).isEqualTo(200);
  }

  @Test
  void requestsInFlightAreBounded() throws IOException {
    try (RawClient first = site.connect(proxy)) {
      first.send(Site.get("/hold"));
      Patience.until("the origin holds the request", () -> origin.holding() == 1);
      assertThat(answer("/hold", "").status()).isEqualTo(429);
      origin.releaseAll();
      assertThat(first.readResponse().status()).isEqualTo(200);
    }
    awaitRejections("too_many_in_flight", 1);
  }

  @Test
  void pathsThatTakeTooLongToMatchAreNotPassedOn() throws IOException {
    assertThat(answer("/aab", "").status()).isEqualTo(403);
    int before = origin.requests().size();
    assertThat(answer("/" + "a".repeat(6_000) + "c", "").status()).isEqualTo(500);
    assertThat(origin.requests()).hasSize(before);
    awaitRejections("path_undecided", 1);
  }
}

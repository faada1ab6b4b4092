package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounds of what one client may ask for, and of how long it may take. */
class RequestLimitsIT {
  private static final String MORE =
      """
      lockgate {
        http {
          max-header-bytes = 4KiB, max-header-count = 20, max-request-line = 1KiB
          header-timeout = 1500ms, idle-timeout = 1500ms, body-idle-timeout = 1500ms
        }
        hosts."www.example.com".routes = [
          { path = "/bounded", upstream = app, max-body = 1KiB }
          { path = "/", upstream = app }
        ]
      }
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
    proxy.close();
    origin.close();
  }

  private static String post(String path, String framing) {
    return "POST " + path + " HTTP/1.1\r\nHost: www.example.com\r\n" + framing + "\r\n\r\n";
  }

  private static int status(String request) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      return client.sendWhileOpen(request.getBytes(ISO_8859_1)).readResponse().status();
    }
  }

  @Test
  void bodyThatAnnouncesTooMuchIsRefusedBeforeItIsSent() throws IOException {
    int before = origin.requests().size();
    assertThat(status(post("/bounded/x", "Content-Length: 1025"))).isEqualTo(413);
    assertThat(origin.requests()).as("the origin never heard of it").hasSize(before);
    assertThat(status(post("/bounded/x", "Content-Length: 1024") + "x".repeat(1024)))
        .isEqualTo(200);
  }

  @Test
  void bodyThatGrowsTooLongIsCutOff() throws IOException {
    String chunk = "200\r\n" + "x".repeat(512) + "\r\n";
    assertThat(status(post("/bounded/x", "Transfer-Encoding: chunked") + chunk + chunk + chunk))
        .isEqualTo(413);
  }

  @Test
  void bodyThatGrowsTooLongIsCutOffOverHttp2() throws IOException {
    try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      int stream =
          client.request(
              new DefaultHttp2Headers(false)
                  .method("POST")
                  .scheme("https")
                  .authority(Site.WWW)
                  .path("/bounded/x"),
              false);
      client.data(stream, new byte[2000], false);
      assertThat(client.await(stream).status()).isEqualTo(413);
      assertThat(client.await(client.get(Site.WWW, "/")).status()).isEqualTo(200);
    }
  }

  @Test
  void requestLineBeyondTheLimitIs414() throws IOException {
    assertThat(status(Site.get("/" + "x".repeat(2000)))).isEqualTo(414);
    assertThat(status(Site.get("/" + "x".repeat(900)))).isEqualTo(200);
  }

  @Test
  void fieldsBeyondTheLimitsAre431() throws IOException {
    String big = "GET / HTTP/1.1\r\nHost: www.example.com\r\nX-Big: " + "x".repeat(5000);
    assertThat(status(big + "\r\n\r\n")).isEqualTo(431);
    String many = "GET / HTTP/1.1\r\nHost: www.example.com\r\n" + "X-N: 1\r\n".repeat(30);
    assertThat(status(many + "\r\n")).isEqualTo(431);
  }

  @Test
  void fieldsBeyondTheLimitsAre431OverHttp2() throws IOException {
    try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      DefaultHttp2Headers head = new DefaultHttp2Headers(false);
      head.method("GET").scheme("https").authority(Site.WWW).path("/");
      for (int i = 0; i < 30; i++) {
        head.add("x-n-" + i, "1");
      }
      H2Client.Stream answer = client.await(client.request(head, true));
      assertThat(answer.heads().isEmpty() || answer.status() == 431)
          .as("refused by status or by reset: " + answer)
          .isTrue();
    }
  }

  @Test
  void headThatTakesTooLongIs408() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      HttpMessage answer = client.send("GET / HTTP/1.1\r\nHost: www").readResponse();
      assertThat(answer.status()).isEqualTo(408);
      client.expectClosed();
    }
  }

  @Test
  void idleConnectionIsClosedWithoutAWord() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get("/")).readResponse();
      client.expectClosed();
    }
  }

  @Test
  void idleHttp2ConnectionIsToldToGo() throws IOException {
    try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      client.await(client.get(Site.WWW, "/"));
      assertThat(client.awaitGoAway().errorCode()).isZero();
      client.awaitClose();
    }
  }

  @Test
  void uploadThatStopsInTheMiddleIsGivenUp() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send(post("/sink", "Content-Length: 1000") + "some");
      String answer = client.readUntilClosed();
      assertThat(answer).matches("(?s)(HTTP/1\\.1 408 .*)?");
    }
  }

  @Test
  void slowOriginIsNotMistakenForAnIdleClient() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get("/hold"));
      io.lockgate.testkit.Patience.until(
          "another client's idle timeout has passed",
          () -> {
            try (RawClient idle = site.connect(proxy)) {
              idle.expectClosed();
              return true;
            }
          });
      origin.release();
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
  }

  @Test
  void refusalsAreCountedByReason() throws IOException {
    assertThat(status(Site.get("/" + "x".repeat(2000)))).isEqualTo(414);
    assertThat(proxy.metric("lockgate_http_rejected_requests_total")).isPositive();
  }
}

package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line an exchange, in the form the operator asked for. */
class AccessLogIT {
  private static final String REQUEST =
      Site.wire(
          """
          GET /a?b=c HTTP/1.1
          Host: www.example.com
          User-Agent: test "agent"
          Referer: https://www.example.com/
          Cookie: secret=1
          Authorization: Bearer secret

          """);

  @TempDir Path directory;
  private Site site;
  private EchoOrigin origin;

  @BeforeEach
  void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
  }

  private LockgateProcess start(String log) throws IOException {
    String config = Site.forwardingTo(origin.address());
    return site.start(config.replace("access-log { format = off }", "access-log { " + log + " }"));
  }

  private static List<String> lines(Path file, int count) {
    return Patience.until(
        "the log has " + count + " lines",
        () -> Files.exists(file) ? Files.readAllLines(file) : List.<String>of(),
        lines -> lines.size() >= count);
  }

  @Test
  void jsonLineHoldsTheFactsAndNoSecrets() throws IOException {
    Path log = directory.resolve("access.log");
    try (LockgateProcess proxy = start("path = \"access.log\", format = json")) {
      String id;
      try (RawClient client = site.connect(proxy)) {
        id = client.send(REQUEST).readResponse().field("X-Request-Id").orElseThrow();
      }
      String line = lines(log, 1).get(0);
      Map<String, Object> entry = Json.object(line);
      assertThat(entry)
          .containsEntry("client", "127.0.0.1")
          .containsEntry("listener", "https")
          .containsEntry("host", "www.example.com")
          .containsEntry("method", "GET")
          .containsEntry("path", "/a?b=c")
          .containsEntry("status", 200.0)
          .containsEntry("upstream", "app")
          .containsEntry("server", origin.address())
          .containsEntry("tls_version", "TLSv1.3")
          .containsEntry("sni", "www.example.com")
          .containsEntry("request_id", id)
          .containsEntry("user_agent", "test \"agent\"")
          .containsEntry("referer", "https://www.example.com/")
          .containsKeys(
              "time",
              "protocol",
              "bytes_in",
              "bytes_out",
              "duration_ms",
              "upstream_ms",
              "retries",
              "tls_cipher",
              "tls_group",
              "tls_resumed");
      assertThat(line).doesNotContain("secret");
    }
  }

  @Test
  void everyRequestOfAnHttp2ConnectionHasItsLine() throws IOException {
    Path log = directory.resolve("access.log");
    try (LockgateProcess proxy = start("path = \"access.log\", format = json");
        H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      for (int i = 0; i < 3; i++) {
        client.await(client.get(Site.WWW, "/status/40" + i));
      }
      assertThat(lines(log, 3))
          .extracting(line -> Json.object(line).get("status"))
          .containsExactlyInAnyOrder(400.0, 401.0, 402.0);
    }
  }

  @Test
  void combinedLineIsThatOfCommonTools() throws IOException {
    Path log = directory.resolve("access.log");
    try (LockgateProcess proxy = start("path = \"access.log\", format = combined");
        RawClient client = site.connect(proxy)) {
      client.send(REQUEST).readResponse();
      assertThat(lines(log, 1).get(0))
          .matches(
              "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}] "
                  + "\"GET /a\\?b=c HTTP/1\\.1\" 200 \\d+ \"https://www\\.example\\.com/\" "
                  + "\"test .*agent.*\"");
    }
  }

  @Test
  void goesToStandardOutputByDefault() throws IOException {
    try (LockgateProcess proxy = start("path = \"-\", format = json");
        RawClient client = site.connect(proxy)) {
      client.send(REQUEST).readResponse();
      Patience.until("the line stands on standard output", () -> proxy.output().contains("/a?b=c"));
      assertThat(Json.object(proxy.output().strip())).containsEntry("status", 200.0);
    }
  }

  @Test
  void renamedFileIsLeftAtUsr1AndANewOneBegun() throws IOException {
    Path log = directory.resolve("access.log");
    Path old = directory.resolve("access.log.1");
    try (LockgateProcess proxy = start("path = \"access.log\", format = json");
        RawClient client = site.connect(proxy)) {
      client.send(Site.get("/first")).readResponse();
      lines(log, 1);
      Files.move(log, old);
      client.send(Site.get("/second")).readResponse();
      lines(old, 2);
      proxy.signal("USR1");
      Patience.until("a new file is there", () -> Files.exists(log));
      client.send(Site.get("/third")).readResponse();
      assertThat(lines(log, 1).get(0)).contains("/third");
      assertThat(Files.readAllLines(old)).hasSize(2);
    }
  }

  @Test
  void clientThatLeftEarlyIsA499() throws IOException {
    Path log = directory.resolve("access.log");
    try (LockgateProcess proxy = start("path = \"access.log\", format = json")) {
      try (RawClient client = site.connect(proxy)) {
        client.send(Site.get("/hold"));
        Patience.until("the origin holds the request", () -> origin.holding() == 1);
      }
      assertThat(Json.object(lines(log, 1).get(0))).containsEntry("status", 499.0);
      origin.release();
    }
  }

  @Test
  void linesWrittenBeforeTheEndAreOnDiskAtTheEnd() throws IOException {
    Path log = directory.resolve("access.log");
    try (LockgateProcess proxy = start("path = \"access.log\", format = json");
        RawClient client = site.connect(proxy)) {
      for (int i = 0; i < 200; i++) {
        client.send(Site.get("/small")).readResponse();
      }
      proxy.terminate();
      assertThat(proxy.awaitExit()).isZero();
      assertThat(Files.readAllLines(log)).hasSize(200);
    }
  }
}

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are checked, ejected, taken out, come back to and close at the wrong moment. */
class UpstreamHealthIT {
  @TempDir Path directory;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private Site site;

  @BeforeEach
  void prepare() {
    site = Site.in(directory);
  }

  @AfterEach
  void close() throws Exception {
    end.countDown();
    for (int i = toClose.size() - 1; i >= 0; i--) {
      toClose.get(i).close();
    }
  }

  private <T extends AutoCloseable> T kept(T closeable) {
    toClose.add(closeable);
    return closeable;
  }

  private LockgateProcess start(String upstreams, String... routes) throws IOException {
    return kept(site.start(config(upstreams, routes)));
  }

  private static String config(String upstreams, String... routes) {
    StringBuilder all = new StringBuilder();
    for (String name : routes) {
      all.append("{ path = \"/").append(name).append("\", upstream = ").append(name).append(" }\n");
    }
    return Site.LISTENERS
        + "lockgate.upstreams {\n"
        + upstreams
        + "\n}\nlockgate.hosts.\"www.example.com\".routes = [\n"
        + all
        + "]\n";
  }

  private HttpMessage ask(LockgateProcess proxy, String path, String... fields) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
      return client
          .send("GET " + path + " HTTP/1.1\r\nHost: www.example.com\r\n" + more + "\r\n")
          .readResponse();
    }
  }

  private static boolean shows(LockgateProcess proxy, String address, String state) {
    String all = proxy.admin("/upstreams").replace(" ", "");
    int at = all.indexOf("\"address\":\"" + address + "\"");
    int end = all.indexOf('}', at);
    return at >= 0 && all.substring(at, end).contains("\"state\":\"" + state + "\"");
  }

  private static void awaitState(LockgateProcess proxy, String address, String state) {
    Patience.until(address + " is " + state, () -> shows(proxy, address, state));
  }

  @Test
  void checksFindAServerThatIsGoneAndThatIsBack() throws IOException {
    EchoOrigin stays = kept(EchoOrigin.named("stays"));
    EchoOrigin goes = EchoOrigin.named("goes");
    LockgateProcess proxy =
        start(
            "app { servers = [\"%s\", \"%s\"], health { path = \"/\", interval = 100ms } }"
                .formatted(stays.address(), goes.address()),
            "app");
    int port = goes.port();
    goes.close();
    awaitState(proxy, "127.0.0.1:" + port, "unhealthy");
    for (int i = 0; i < 6; i++) {
      assertThat(ask(proxy, "/app").field("X-Origin")).hasValue("stays");
    }
    assertThat(proxy.metric("lockgate_upstream_healthy", "server=\"127.0.0.1:" + port + "\""))
        .isZero();
    assertThat(proxy.errors()).contains("127.0.0.1:" + port + " is unhealthy");
    kept(EchoOrigin.on(port));
    awaitState(proxy, "127.0.0.1:" + port, "ready");
    Patience.until(
        "it gets requests again",
        () -> ask(proxy, "/app").field("X-Origin").equals(Optional.of("echo")));
  }

  @Test
  void healthOutlivesAReloadThatChangesTheUpstream() throws IOException {
    EchoOrigin good = kept(EchoOrigin.named("good"));
    String upstream =
        "app { servers = [\"%s\", \"%s\"], connect-timeout = %s,"
            + " health { path = \"/status/200\", interval = %s, expect = [200] } }";
    LockgateProcess proxy =
        start(upstream.formatted(good.address(), "127.0.0.1:{{ill}}", "2s", "100ms"), "app");
    String gone = "127.0.0.1:" + proxy.port("ill");
    awaitState(proxy, gone, "unhealthy");
    proxy.configure(
        config(upstream.formatted(good.address(), "127.0.0.1:{{ill}}", "3s", "1h"), "app"));
    proxy.reload();
    assertThat(shows(proxy, gone, "unhealthy")).as("known without another check").isTrue();
  }

  @Test
  void operatorTakesAServerOutUntilTheNextReload() throws IOException {
    EchoOrigin one = kept(EchoOrigin.named("one"));
    EchoOrigin other = kept(EchoOrigin.named("other"));
    LockgateProcess proxy =
        start(
            "app { servers = [\"%s\", \"%s\"] }".formatted(one.address(), other.address()), "app");
    String path = "/upstreams/app/servers/" + one.address();
    proxy.admin().call("POST", path, "{\"state\": \"maintenance\"}").expect(200);
    for (int i = 0; i < 4; i++) {
      assertThat(ask(proxy, "/app").field("X-Origin")).hasValue("other");
    }
    assertThat(shows(proxy, one.address(), "maintenance")).isTrue();
    proxy
        .admin()
        .call("POST", "/upstreams/app/servers/" + other.address(), "{\"state\": \"drain\"}")
        .expect(200);
    HttpMessage refused = ask(proxy, "/app");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.field("Retry-After")).isPresent();
    proxy.reload();
    assertThat(shows(proxy, one.address(), "ready")).isTrue();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      seen.add(ask(proxy, "/app").field("X-Origin").orElseThrow());
    }
    assertThat(seen).containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void clientComesBackToItsServerByItsCookie() throws IOException {
    EchoOrigin one = kept(EchoOrigin.named("one"));
    EchoOrigin other = kept(EchoOrigin.named("other"));
    String upstream =
        "app { servers = [\"%s\", \"%s\"], balance { sticky-cookie { name = srv, ttl = 1h,"
            + " key = \"not-a-secret\" } } }";
    LockgateProcess proxy = start(upstream.formatted(one.address(), other.address()), "app");
    HttpMessage first = ask(proxy, "/app");
    String cookie = first.field("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "Secure").doesNotContain("127.0.0.1");
    String field = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
    String server = first.field("X-Origin").orElseThrow();
    for (int i = 0; i < 4; i++) {
      HttpMessage again = ask(proxy, "/app", field);
      assertThat(again.field("X-Origin")).hasValue(server);
      assertThat(again.field("Set-Cookie")).isEmpty();
    }
    (server.equals("one") ? one : other).close();
    HttpMessage moved = ask(proxy, "/app", field);
    assertThat(moved.status()).isEqualTo(200);
    assertThat(moved.field("Set-Cookie")).as("the cookie names the new server").isPresent();
  }

  @Test
  void connectionThatClosesJustWhenItIsUsedAgainCostsNoIdempotentRequest() throws IOException {
    ScriptedOrigin closing =
        kept(
            ScriptedOrigin.playing(
                peer -> {
                  peer.readRequest();
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  // It keeps the connection, takes the next request, and closes without an answer.
                  peer.readRequest();
                }));
    ScriptedOrigin resetting =
        kept(
            ScriptedOrigin.playing(
                peer -> {
                  peer.readRequest();
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  peer.readExactly(1);
                  peer.reset();
                }));
    LockgateProcess proxy =
        start(
            "closing { servers = [\"%s\"], retry.attempts = 0 }\nresetting { servers = [\"%s\"] }"
                .formatted(closing.address(), resetting.address()),
            "closing",
            "resetting");
    try (RawClient client = site.connect(proxy)) {
      for (int i = 0; i < 40; i++) {
        for (String path : List.of("/closing", "/resetting")) {
          assertThat(client.send(Site.get(path)).readResponse().status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void originsOfEveryBadMannerAreAnsweredForInTimeAndLeaveNothingBehind() throws IOException {
    ScriptedOrigin silent = kept(ScriptedOrigin.playing(peer -> peer.await(end)));
    ScriptedOrigin slow =
        kept(
            ScriptedOrigin.playing(
                peer -> {
                  peer.readRequest();
                  for (char c : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".toCharArray()) {
                    peer.write(String.valueOf(c));
                  }
                }));
    ScriptedOrigin broken =
        kept(
            ScriptedOrigin.playing(
                peer -> {
                  peer.readRequest();
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nhalf");
                  peer.reset();
                }));
    ScriptedOrigin garbage =
        kept(
            ScriptedOrigin.playing(
                peer -> {
                  peer.readRequest();
                  peer.write("\0\1\2 this is no HTTP\r\n\r\n");
                }));
    EchoOrigin good = kept(EchoOrigin.start());
    LockgateProcess proxy =
        start(
            """
            silent { servers = ["%s"], retry { attempts = 0, per-try-timeout = 300ms } }
            slow { servers = ["%s"] }
            broken { servers = ["%s"] }
            garbage { servers = ["%s"] }
            unknown { servers = ["no.such.name.invalid:80"] }
            good { servers = ["%s"] }
            """
                .formatted(
                    silent.address(),
                    slow.address(),
                    broken.address(),
                    garbage.address(),
                    good.address()),
            "silent",
            "slow",
            "broken",
            "garbage",
            "unknown",
            "good");
    for (int i = 0; i < 3; i++) {
      assertThat(ask(proxy, "/silent").status()).isEqualTo(504);
      assertThat(ask(proxy, "/slow").text()).isEqualTo("ok");
      assertThat(ask(proxy, "/garbage").status()).isEqualTo(502);
      assertThat(ask(proxy, "/unknown").status()).isIn(502, 503);
      try (RawClient client = site.connect(proxy)) {
        client.send(Site.get("/broken")).readHead();
      }
      assertThat(ask(proxy, "/good").status()).isEqualTo(200);
    }
    Patience.until(
        "no connection to a bad origin is left",
        () ->
            proxy.metric("lockgate_upstream_connections", "state=\"active\"") == 0
                && proxy.metric("lockgate_upstream_connections", "upstream=\"silent\"") == 0);
  }
}

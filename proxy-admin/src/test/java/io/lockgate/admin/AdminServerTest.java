package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.admin.RawExchange.Reply;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.BindAddress;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdminServerTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T09:08:07Z"), ZoneOffset.UTC);
  private static final BindAddress LOOPBACK = new BindAddress("127.0.0.1", 0);

  private final RecordingSources sources = new RecordingSources();
  private AdminServer server;

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  @Nested
  class Reading {
    @Test
    void saysThatItLivesWhileEventLoopsTurn() throws IOException {
      start(LOOPBACK, "");
      assertThat(get("/livez").status()).isEqualTo(200);
      assertThat(get("/livez").body()).isEqualTo("ok\n");

      sources.turning = false;
      assertThat(get("/livez").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({"STARTING, 503, starting", "READY, 200, ok", "DRAINING, 503, draining"})
    void saysWhetherItIsReadyAndWhyNot(Proxy.State state, int status, String reason)
        throws IOException {
      start(LOOPBACK, "");
      sources.state = state;

      assertThat(get("/readyz").status()).isEqualTo(status);
      assertThat(get("/readyz").body()).contains(reason);
    }

    @Test
    void listsEveryEndpoint() throws IOException {
      start(LOOPBACK, "");

      assertThat(json(get("/endpoints")).at("/endpoints").valueStream())
          .extracting(e -> e.at("/method").asString() + " " + e.at("/path").asString())
          .contains("GET /metrics", "GET /events", "POST /reload", "POST /log-level");
    }

    @ParameterizedTest
    @CsvSource({
      "/hosts, /hosts/0/routes/0/target, app",
      "/hosts, /hosts/0/tls_policy, intermediate",
      "/upstreams, /upstreams/0/servers/0/healthy, true",
      "/certificates, /certificates/0/not_after, 2027-01-01T00:00:00Z",
      "/certificates, /certificates/0/key_type, EC P-256",
      "/certificates, /certificates/0/handshakes, 7",
      "/certificates, /certificates/0/chain_complete, true",
      "/connections, /listeners/0/open, 3",
      "/connections, /groups/0/protocol, h2",
      "/connections, /groups/0/oldest_seconds, 12.5",
      "/config, /settings/0/value, <redacted>",
      "/config, /settings/1/origin, built-in",
      "/reloads, /reloads/0/result, applied",
      "/reloads, /reloads/0/took_ms, 12.0",
      "/stats, /version, 1.2.3",
      "/stats, /time, 2026-11-23T09:08:07Z"
    })
    void answersInJson(String path, String pointer, String value) throws IOException {
      start(LOOPBACK, "");
      Reply reply = get(path);

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.field("content-type")).contains("application/json");
      assertThat(json(reply).at(pointer).asString()).isEqualTo(value);
    }

    @Test
    void showsPercentilesOfLatencies() throws IOException {
      sources.metrics.recordLoopLag(0, 2_000_000);
      start(LOOPBACK, "");

      JsonNode lag = json(get("/stats")).at("/metrics/lockgate_event_loop_lag_seconds/points/0");
      assertThat(lag.at("/count").asInt()).isEqualTo(1);
      assertThat(lag.at("/p99_9").asDouble()).isBetween(0.00199, 0.00203);
    }

    @Test
    void namesPercentilesOfUpstreamsAsThoseOfStats() throws IOException {
      sources.metrics.forLoop(0).attemptEnded("app", "127.0.0.1:1", "2xx", 2_000_000);
      start(LOOPBACK, "");

      assertThat(json(get("/upstreams")).at("/upstreams/0/duration_seconds/p99_9").asDouble())
          .isBetween(0.00199, 0.00203);
    }

    @Test
    void neverChangesAnything() throws IOException {
      start(LOOPBACK, "");
      for (String path :
          List.of("/reload", "/drain", "/tickets/rotate", "/ocsp/refresh", "/log-level")) {
        Reply reply = get(path);
        assertThat(reply.status()).as(path).isEqualTo(405);
        assertThat(reply.field("allow")).as(path).contains("POST");
      }

      assertThat(sources.changes).isEmpty();
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() throws IOException {
      start(LOOPBACK, "");
      String head = RawExchange.bytes(server.address(), request("HEAD", "/livez", "localhost", ""));

      assertThat(head).contains("200 OK").containsIgnoringCase("content-length: 3\r\n");
      assertThat(head).endsWith("\r\n\r\n");
    }

    @Test
    void keepsEveryAnswerAwayFromCachesAndFrames() throws IOException {
      start(LOOPBACK, "");
      Reply reply = get("/config");

      assertThat(reply.field("cache-control")).contains("no-store");
      assertThat(reply.field("x-content-type-options")).contains("nosniff");
      assertThat(reply.field("content-security-policy"))
          .hasValueSatisfying(value -> assertThat(value).contains("default-src 'none'"));
    }

    @Test
    void speaksToAnOrdinaryClient() throws Exception {
      start(LOOPBACK, "");
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + server.address() + "/livez")).build();

      for (int i = 0; i < 3; i++) {
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
            .isEqualTo("ok\n");
      }
    }
  }

  @Nested
  class Changing {
    @Test
    void reloadsAndTellsWhatChanged() throws IOException {
      start(LOOPBACK, "");
      Reply reply = post("/reload", "");

      assertThat(reply.status()).isEqualTo(200);
      assertThat(json(reply).at("/generation").asLong()).isEqualTo(7);
      assertThat(json(reply).at("/changes/0").asString()).isEqualTo("host www.example added");
      assertThat(sources.changes).containsExactly("reload by POST /reload");
    }

    @Test
    void saysWhyAConfigurationWasRejected() throws IOException {
      start(LOOPBACK, "");
      sources.reloadResult = ReloadReport.Result.REJECTED;
      Reply reply = post("/reload", "");

      assertThat(reply.status()).isEqualTo(422);
      JsonNode error = json(reply).at("/errors/0");
      assertThat(error.at("/code").asString()).isEqualTo("unknown-upstream");
      assertThat(error.at("/file").asString()).isEqualTo("conf/routes.conf");
      assertThat(error.at("/line").asInt()).isEqualTo(14);
      assertThat(error.at("/hint").asString()).contains("checkout");
      assertThat(json(reply).at("/error").asString()).contains("generation 7 goes on serving");
    }

    @Test
    void drains() throws IOException {
      start(LOOPBACK, "");

      assertThat(json(post("/drain", "")).at("/state").asString()).isEqualTo("draining");
      assertThat(get("/readyz").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({
      "127.0.0.1:9001, 127.0.0.1:9001",
      "%5B::1%5D:80,   [::1]:80",
      "unix:/run/a.sock, unix:/run/a.sock"
    })
    void takesAServerOutOfUse(String path, String address) throws IOException {
      start(LOOPBACK, "");

      Reply reply = post("/upstreams/app/servers/" + path, "{\"state\": \"drain\"}");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(sources.changes).containsExactly("app " + address + " drain");
    }

    @Test
    void knowsThreeStatesOfAServerAndNoServerThatIsNotThere() throws IOException {
      start(LOOPBACK, "");

      assertThat(post("/upstreams/app/servers/a:1", "{\"state\": \"away\"}").status())
          .isEqualTo(400);
      assertThat(post("/upstreams/app/servers/a:1", "").status()).isEqualTo(400);
      assertThat(sources.changes).isEmpty();
      assertThat(post("/upstreams/none/servers/a:1", "{\"state\": \"ready\"}").status())
          .isEqualTo(404);
      assertThat(post("/upstreams/app/servers/", "{\"state\": \"ready\"}").status()).isEqualTo(404);
    }

    @Test
    void rotatesTicketKeys() throws IOException {
      start(LOOPBACK, "");

      assertThat(post("/tickets/rotate", "").status()).isEqualTo(200);
      assertThat(post("/tickets/rotate", "{}").status()).isEqualTo(200);
      assertThat(post("/tickets/rotate", "{\"forget\": false}").status()).isEqualTo(200);
      assertThat(post("/tickets/rotate", "{\"forget\": true}").status()).isEqualTo(200);
      assertThat(sources.changes)
          .containsExactly("rotate", "rotate", "rotate", "rotate and forget");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "forget",
          "[]",
          "{\"forget\": \"true\"}",
          "{\"forgot\": true}",
          "{\"forget\": 1}"
        })
    void rotatesNothingIfItIsUncertainWhatIsToBeForgotten(String body) throws IOException {
      start(LOOPBACK, "");

      assertThat(post("/tickets/rotate", body).status()).isEqualTo(400);
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void tellsWhyTicketKeysCannotBeRotated() throws IOException {
      start(LOOPBACK, "");
      sources.refusal = Optional.of(new AdminSources.Refusal("keys are derived", "change it"));

      Reply reply = post("/tickets/rotate", "");
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.body()).contains("keys are derived", "change it");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "'' | 200 | ocsp all",
          "{} | 200 | ocsp all",
          "{\"certificate\": \"www\"} | 200 | ocsp www",
          "{\"certificate\": \"other\"} | 404 | ocsp other"
        })
    void asksOcspResponders(String body, int status, String change) throws IOException {
      start(LOOPBACK, "");
      Reply reply = post("/ocsp/refresh", body);

      assertThat(reply.status()).isEqualTo(status);
      assertThat(json(reply).at("/pending").asInt()).isEqualTo(status == 200 ? 1 : 0);
      assertThat(sources.changes).containsExactly(change);
    }

    @ParameterizedTest
    @ValueSource(strings = {"www", "[]", "{\"certificate\": 1}", "{\"certificate\": \"www\""})
    void refusesARefreshItDoesNotUnderstand(String body) throws IOException {
      start(LOOPBACK, "");

      assertThat(post("/ocsp/refresh", body).status()).isEqualTo(400);
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void setsALogLevel() throws IOException {
      start(LOOPBACK, "");
      Reply reply = post("/log-level", "{\"logger\": \"io.lockgate\", \"level\": \"debug\"}");

      assertThat(reply.status()).isEqualTo(200);
      assertThat(sources.changes).containsExactly("log io.lockgate DEBUG");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "debug",
          "[]",
          "{\"logger\": \"x\"}",
          "{\"logger\": 1, \"level\": \"debug\"}",
          "{\"logger\": \"x\", \"level\": \"loud\"}",
          "{\"logger\": \"x\", \"level\": \"debug\""
        })
    void refusesALogLevelItDoesNotUnderstand(String body) throws IOException {
      start(LOOPBACK, "");
      Reply reply = post("/log-level", body);

      assertThat(reply.status()).isEqualTo(400);
      assertThat(json(reply).at("/hint").asString()).contains("debug", "warn");
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void keepsAnsweringWhileAReloadTakesLong() throws Exception {
      start(LOOPBACK, "");
      sources.reloadMayEnd = new CountDownLatch(1);
      CompletableFuture<Reply> reload =
          CompletableFuture.supplyAsync(() -> postUnchecked("/reload"));
      CompletableFuture<Reply> second =
          CompletableFuture.supplyAsync(() -> postUnchecked("/reload"));

      assertThat(get("/livez").status()).isEqualTo(200);
      assertThat(get("/metrics").status()).isEqualTo(200);
      sources.reloadMayEnd.countDown();
      assertThat(reload.get().status()).isEqualTo(200);
      assertThat(second.get().status()).isEqualTo(200);
    }

    @Test
    void drainsWhileAReloadTakesLong() throws Exception {
      start(LOOPBACK, "");
      sources.reloadMayEnd = new CountDownLatch(1);
      CompletableFuture<Reply> reload =
          CompletableFuture.supplyAsync(() -> postUnchecked("/reload"));
      Patience.until("it is under way", () -> !sources.changes.isEmpty());

      assertThat(post("/drain", "").status()).isEqualTo(200);
      assertThat(sources.changes).last().isEqualTo("drain");
      sources.reloadMayEnd.countDown();
      assertThat(reload.get().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "post", "BREW"})
    void takesNoOtherMethod(String method) throws IOException {
      start(LOOPBACK, "");

      Reply reply = send(request(method, "/reload", "localhost", ""));
      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.field("allow")).contains("POST");
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void doesNotPostToWhatOnlyReads() throws IOException {
      start(LOOPBACK, "");
      Reply reply = post("/hosts", "");

      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.field("allow")).contains("GET, HEAD");
    }
  }

  @Nested
  class AgainstRebindingAndForgedRequests {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "localhost",
          "localhost:9901",
          "LOCALHOST",
          "127.0.0.1",
          "127.0.0.1:1",
          "[::1]",
          "[::1]:9901",
          "[0:0:0:0:0:0:0:1]"
        })
    void answersUnderItsOwnNames(String host) throws IOException {
      start(LOOPBACK, "");

      assertThat(send(request("GET", "/livez", host, "")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "evil.example",
          "evil.example:9901",
          "localhost.evil.example",
          "localhost.",
          "127.0.0.2",
          "192.0.2.1",
          "127.0.0.1.evil.example",
          "localhost@evil.example",
          "[::1",
          "[::1]x",
          "[::1].evil.example",
          "localhost:",
          "localhost:port",
          "localhost:1:2",
          "::1",
          "2130706433",
          "0x7f.1",
          "[localhost]",
          "127.1",
          ""
        })
    void refusesAForeignHost(String host) throws IOException {
      start(LOOPBACK, "");

      assertThat(send(request("GET", "/livez", host, "")).status()).as(host).isEqualTo(403);
      assertThat(send(request("POST", "/reload", host, "")).status()).as(host).isEqualTo(403);
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void refusesARequestWithoutHostOrWithTwo() throws IOException {
      start(LOOPBACK, "");

      assertThat(send("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n").status()).isEqualTo(400);
      assertThat(send(request("GET", "/livez", "localhost", "Host: evil.example\r\n")).status())
          .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://evil.example", "null", "http://localhost", "http://localhost:3000",
          "http://127.0.0.1:9901", "https://localhost:9901.evil.example", "file://",
              "localhost:9901"
        })
    void refusesAForeignOrigin(String origin) throws IOException {
      start(LOOPBACK, "");

      Reply reply =
          send(request("POST", "/reload", "localhost:9901", "Origin: " + origin + "\r\n"));
      assertThat(reply.status()).isEqualTo(403);
      assertThat(json(reply).at("/error").asString()).isEqualTo("foreign Origin");
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void refusesWhatABrowserMarksAsCrossSite() throws IOException {
      start(LOOPBACK, "");

      assertThat(
              send(request("GET", "/stats", "localhost", "Sec-Fetch-Site: cross-site\r\n"))
                  .status())
          .isEqualTo(403);
    }

    @Test
    void acceptsItsOwnOrigin() throws IOException {
      start(LOOPBACK, "");

      String fields = "Origin: http://localhost:9901\r\nSec-Fetch-Site: same-origin\r\n";
      assertThat(send(request("POST", "/reload", "localhost:9901", fields)).status())
          .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "//reload",
          "/reload/",
          "/./reload",
          "/livez/../reload",
          "/%72eload",
          "/RELOAD",
          "/reload;x",
          "/reload%00",
          "/reload%3f",
          "/ reload"
        })
    void knowsEachPathInOneSpellingOnly(String path) throws IOException {
      start(LOOPBACK, "");

      assertThat(send(request("POST", path, "localhost", "")).status()).isIn(404, 400);
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void refusesATargetThatNamesAnotherServer() throws IOException {
      start(LOOPBACK, "");

      assertThat(send(request("GET", "http://evil.example/livez", "localhost", "")).status())
          .isEqualTo(400);
      assertThat(send(request("GET", "*", "localhost", "")).status()).isEqualTo(400);
    }

    @Test
    void hintsAtTheIndexForAnUnknownPath() throws IOException {
      start(LOOPBACK, "");
      Reply reply = get("/nothing?x=/livez");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(json(reply).at("/hint").asString()).contains("GET /");
    }
  }

  @Nested
  class WithAToken {
    @Test
    void asksForItBeforeAnyChange() throws IOException {
      start(LOOPBACK, "s3cret");

      Reply reply = post("/reload", "");
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.field("www-authenticate")).contains("Bearer realm=\"lockgate\"");
      assertThat(sources.changes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret"})
    void refusesAnyOtherToken(String authorization) throws IOException {
      start(LOOPBACK, "s3cret");

      String field = "Authorization: " + authorization + "\r\n";
      assertThat(send(request("POST", "/drain", "localhost", field)).status()).isEqualTo(401);
      assertThat(sources.changes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer s3cret", "bearer s3cret"})
    void acceptsTheRightOne(String authorization) throws IOException {
      start(LOOPBACK, "s3cret");

      String field = "Authorization: " + authorization + "\r\n";
      assertThat(send(request("POST", "/drain", "localhost", field)).status()).isEqualTo(200);
    }

    @Test
    void stillLetsThisMachineRead() throws IOException {
      start(LOOPBACK, "s3cret");

      assertThat(get("/stats").status()).isEqualTo(200);
    }
  }

  @Nested
  class WhereOthersCanConnect {
    private static final BindAddress ANY = new BindAddress("0.0.0.0", 0);

    @Test
    void doesNotStartWithoutAToken() {
      assertThatThrownBy(() -> start(ANY, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
      "/livez, 200",
      "/readyz, 200",
      "/metrics, 401",
      "/, 401",
      "/config, 401",
      "/x, 401"
    })
    void asksForTheTokenForAllButLivenessAndReadiness(String path, int status) throws IOException {
      start(ANY, "s3cret");

      assertThat(get(path).status()).isEqualTo(status);
      assertThat(post(path, "").status()).isEqualTo(401);
    }

    @Test
    void answersUnderTheAddressThatTheClientReached() throws IOException {
      start(ANY, "s3cret");
      BindAddress reached = new BindAddress("127.0.0.3", server.address().port());

      String request = request("GET", "/livez", "127.0.0.3:9901", "");
      assertThat(RawExchange.send(reached, request).status()).isEqualTo(200);
      String foreign = request("GET", "/livez", "127.0.0.4:9901", "");
      assertThat(RawExchange.send(reached, foreign).status()).isEqualTo(403);
    }
  }

  @Nested
  class AgainstGreedyClients {
    @Test
    void refusesABodyAboveTheBound() throws IOException {
      start(LOOPBACK, "");

      Reply declared = send(withBody("/log-level", "x".repeat(70_000)));
      assertThat(declared.status()).isEqualTo(413);
      assertThat(json(declared).at("/hint").asString()).contains("65536");
    }

    @Test
    void refusesAChunkedBodyAboveTheBound() throws IOException {
      start(LOOPBACK, "");
      String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";

      String request =
          "POST /log-level HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
              + chunk.repeat(6)
              + "0\r\n\r\n";
      assertThat(send(request).status()).isEqualTo(413);
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void takesABodyThatComesInPiecesAfterAsking() throws IOException {
      start(LOOPBACK, "");
      String body = "{\"logger\": \"io.lockgate\", \"level\": \"info\"}";
      try (Socket socket = RawExchange.connect(server.address())) {
        String head =
            "POST /log-level HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                + ("Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n");
        socket.getOutputStream().write(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        byte[] interim = socket.getInputStream().readNBytes(25);
        assertThat(new String(interim, java.nio.charset.StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        for (byte octet : body.getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
          socket.getOutputStream().write(octet);
        }
        socket.getInputStream().readAllBytes();
      }

      assertThat(sources.changes).containsExactly("log io.lockgate INFO");
    }

    @ParameterizedTest
    @CsvSource({"5000, 0, 414", "10, 17000, 431"})
    void refusesAHeadAboveTheBound(int target, int field, int status) throws IOException {
      start(LOOPBACK, "");
      String request =
          request("GET", "/" + "x".repeat(target), "localhost", "X: " + "y".repeat(field) + "\r\n");

      assertThat(send(request).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
          "GET\r\n\r\n",
          "GET / HTTP/x\r\n\r\n",
          "GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n"
        })
    void answersWhatIsNotHttpAndCloses(String bytes) throws IOException {
      start(LOOPBACK, "");

      assertThat(send(bytes).status()).isEqualTo(400);
    }

    @Test
    void closesOnAClientThatDoesNotFinishItsHead() throws IOException {
      start(LOOPBACK, "", limits(Duration.ofMillis(100), 64));

      assertThat(RawExchange.bytes(server.address(), "GET /livez HT")).isEmpty();
    }

    @Test
    void closesOnAClientThatDoesNotFinishItsBody() throws IOException {
      start(LOOPBACK, "", limits(Duration.ofMillis(100), 64));
      String head = "POST /reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc";

      assertThat(RawExchange.bytes(server.address(), head)).isEmpty();
      assertThat(sources.changes).isEmpty();
    }

    @Test
    void holdsNoMoreConnectionsThanItsBound() throws IOException {
      start(LOOPBACK, "", limits(Duration.ofSeconds(20), 1));
      try (Socket first = RawExchange.connect(server.address())) {
        first
            .getOutputStream()
            .write(
                "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(first.getInputStream().read()).isEqualTo('H');

        try (Socket second = RawExchange.connect(server.address())) {
          assertThat(second.getInputStream().read()).as("closed at once").isEqualTo(-1);
        }
      }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws IOException {
      start(LOOPBACK, "");
      String keep = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
      String all =
          keep.repeat(20)
              + keep.replace("/livez", "/x")
              + request("GET", "/readyz", "localhost", "");

      List<Reply> replies = Reply.parse(RawExchange.bytes(server.address(), all));
      assertThat(replies).hasSize(22);
      assertThat(replies.subList(0, 20)).allMatch(reply -> reply.status() == 200);
      assertThat(replies.get(20).status()).isEqualTo(404);
      assertThat(replies.get(21).status()).isEqualTo(200);
    }

    private static AdminLimits limits(Duration patience, int connections) {
      return new AdminLimits(patience, connections, 4_096, 8_192, 65_536);
    }
  }

  @Test
  void namesTheAddressThatItCannotBind() throws IOException {
    start(LOOPBACK, "");
    BindAddress taken = server.address();

    assertThatThrownBy(() -> AdminServer.start(config(taken, ""), sources, CLOCK))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(taken.toString());
  }

  @Test
  void saysThatSomethingWentWrongWithoutSayingWhat() throws IOException {
    sources.metrics =
        new io.lockgate.metrics.ProxyMetrics(
            0,
            List.of(
                readings -> {
                  throw new IllegalStateException("internals");
                }));
    start(LOOPBACK, "");

    assertThat(get("/stats").status()).isEqualTo(500);
    assertThat(get("/stats").body()).doesNotContain("internals");
  }

  private void start(BindAddress address, String token) throws IOException {
    start(address, token, AdminLimits.STANDARD);
  }

  private void start(BindAddress address, String token, AdminLimits limits) throws IOException {
    server = AdminServer.start(config(address, token), sources, CLOCK, limits);
  }

  private static AdminConfig config(BindAddress address, String token) {
    return new AdminConfig(
        address, Optional.of(token).filter(text -> !text.isEmpty()).map(AdminConfig.Secret::new));
  }

  private Reply get(String path) throws IOException {
    return send(request("GET", path, "localhost", ""));
  }

  private Reply post(String path, String body) throws IOException {
    return send(withBody(path, body));
  }

  private Reply postUnchecked(String path) {
    try {
      return post(path, "");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Reply send(String request) throws IOException {
    return RawExchange.send(server.address(), request);
  }

  private static String request(String method, String path, String host, String fields) {
    return method
        + (" " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields)
        + "Connection: close\r\n\r\n";
  }

  private static String withBody(String path, String body) {
    return "POST "
        + (path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length())
        + ("\r\nConnection: close\r\n\r\n" + body);
  }

  private static JsonNode json(Reply reply) {
    return JsonMapper.shared().readTree(reply.body());
  }
}

package io.lockgate.admin;

import static io.lockgate.admin.ServedAdmin.LOOPBACK;
import static io.lockgate.admin.ServedAdmin.json;
import static io.lockgate.admin.ServedAdmin.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.admin.RawExchange.Reply;
import io.lockgate.config.model.BindAddress;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.proxy.Proxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the admin endpoint says to whoever may read. */
class AdminServerTest {
  private final ServedAdmin admin = new ServedAdmin();

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void saysThatItLivesWhileEventLoopsTurn() throws IOException {
    admin.start(LOOPBACK, "");
    assertThat(admin.get("/livez").status()).isEqualTo(200);
    assertThat(admin.get("/livez").body()).isEqualTo("ok\n");

    admin.sources.turning = false;
    assertThat(admin.get("/livez").status()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({"STARTING, 503, starting", "READY, 200, ok", "DRAINING, 503, draining"})
  void saysWhetherItIsReadyAndWhyNot(Proxy.State state, int status, String reason)
      throws IOException {
    admin.start(LOOPBACK, "");
    admin.sources.state = state;

    assertThat(admin.get("/readyz").status()).isEqualTo(status);
    assertThat(admin.get("/readyz").body()).contains(reason);
  }

  @Test
  void listsEveryEndpoint() throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(json(admin.get("/endpoints")).at("/endpoints").valueStream())
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
    admin.start(LOOPBACK, "");
    Reply reply = admin.get(path);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("content-type")).contains("application/json");
    assertThat(json(reply).at(pointer).asString()).isEqualTo(value);
  }

  @Test
  void showsPercentilesOfLatencies() throws IOException {
    admin.sources.metrics.recordLoopLag(0, 2_000_000);
    admin.start(LOOPBACK, "");

    JsonNode lag =
        json(admin.get("/stats")).at("/metrics/lockgate_event_loop_lag_seconds/points/0");
    assertThat(lag.at("/count").asInt()).isEqualTo(1);
    assertThat(lag.at("/p99_9").asDouble()).isBetween(0.00199, 0.00203);
  }

  @Test
  void namesPercentilesOfUpstreamsAsThoseOfStats() throws IOException {
    admin.sources.metrics.forLoop(0).attemptEnded("app", "127.0.0.1:1", "2xx", 2_000_000);
    admin.start(LOOPBACK, "");

    assertThat(json(admin.get("/upstreams")).at("/upstreams/0/duration_seconds/p99_9").asDouble())
        .isBetween(0.00199, 0.00203);
  }

  @Test
  void neverChangesAnything() throws IOException {
    admin.start(LOOPBACK, "");
    for (String path :
        List.of("/reload", "/drain", "/tickets/rotate", "/ocsp/refresh", "/log-level")) {
      Reply reply = admin.get(path);
      assertThat(reply.status()).as(path).isEqualTo(405);
      assertThat(reply.field("allow")).as(path).contains("POST");
    }

    assertThat(admin.sources.changes).isEmpty();
  }

  @Test
  void answersHeadLikeGetWithoutTheBody() throws IOException {
    admin.start(LOOPBACK, "");
    String head = RawExchange.bytes(admin.address(), request("HEAD", "/livez", "localhost", ""));

    assertThat(head).contains("200 OK").containsIgnoringCase("content-length: 3\r\n");
    assertThat(head).endsWith("\r\n\r\n");
  }

  @Test
  void keepsEveryAnswerAwayFromCachesAndFrames() throws IOException {
    admin.start(LOOPBACK, "");
    Reply reply = admin.get("/config");

    assertThat(reply.field("cache-control")).contains("no-store");
    assertThat(reply.field("x-content-type-options")).contains("nosniff");
    assertThat(reply.field("content-security-policy"))
        .hasValueSatisfying(value -> assertThat(value).contains("default-src 'none'"));
  }

  @Test
  void speaksToAnOrdinaryClient() throws Exception {
    admin.start(LOOPBACK, "");
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + admin.address() + "/livez")).build();

    for (int i = 0; i < 3; i++) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("ok\n");
    }
  }

  @Test
  void namesTheAddressThatItCannotBind() throws IOException {
    admin.start(LOOPBACK, "");
    BindAddress taken = admin.address();

    assertThatThrownBy(() -> admin.start(taken, ""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(taken.toString());
  }

  @Test
  void saysThatSomethingWentWrongWithoutSayingWhat() throws IOException {
    admin.sources.metrics =
        new ProxyMetrics(
            0,
            List.of(
                readings -> {
                  throw new IllegalStateException("internals");
                }));
    admin.start(LOOPBACK, "");

    assertThat(admin.get("/stats").status()).isEqualTo(500);
    assertThat(admin.get("/stats").body()).doesNotContain("internals");
  }
}

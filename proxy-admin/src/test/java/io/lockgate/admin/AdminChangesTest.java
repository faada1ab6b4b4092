package io.lockgate.admin;

import static io.lockgate.admin.ServedAdmin.LOOPBACK;
import static io.lockgate.admin.ServedAdmin.json;
import static io.lockgate.admin.ServedAdmin.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.admin.RawExchange.Reply;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What may be changed through the admin endpoint, and how it is asked for. */
class AdminChangesTest {
  private final ServedAdmin admin = new ServedAdmin();

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void reloadsAndTellsWhatChanged() throws IOException {
    admin.start(LOOPBACK, "");
    Reply reply = admin.post("/reload", "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(json(reply).at("/generation").asLong()).isEqualTo(7);
    assertThat(json(reply).at("/changes/0").asString()).isEqualTo("host www.example added");
    assertThat(admin.sources.changes).containsExactly("reload by POST /reload");
  }

  @Test
  void saysWhyAConfigurationWasRejected() throws IOException {
    admin.start(LOOPBACK, "");
    admin.sources.reloadResult = ReloadReport.Result.REJECTED;
    Reply reply = admin.post("/reload", "");

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
    admin.start(LOOPBACK, "");

    assertThat(json(admin.post("/drain", "")).at("/state").asString()).isEqualTo("draining");
    assertThat(admin.get("/readyz").status()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9001, 127.0.0.1:9001",
    "%5B::1%5D:80,   [::1]:80",
    "unix:/run/a.sock, unix:/run/a.sock"
  })
  void takesAServerOutOfUse(String path, String address) throws IOException {
    admin.start(LOOPBACK, "");

    Reply reply = admin.post("/upstreams/app/servers/" + path, "{\"state\": \"drain\"}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(admin.sources.changes).containsExactly("app " + address + " drain");
  }

  @Test
  void knowsThreeStatesOfAServerAndNoServerThatIsNotThere() throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(admin.post("/upstreams/app/servers/a:1", "{\"state\": \"away\"}").status())
        .isEqualTo(400);
    assertThat(admin.post("/upstreams/app/servers/a:1", "").status()).isEqualTo(400);
    assertThat(admin.sources.changes).isEmpty();
    assertThat(admin.post("/upstreams/none/servers/a:1", "{\"state\": \"ready\"}").status())
        .isEqualTo(404);
    assertThat(admin.post("/upstreams/app/servers/", "{\"state\": \"ready\"}").status())
        .isEqualTo(404);
  }

  @Test
  void rotatesTicketKeys() throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(admin.post("/tickets/rotate", "").status()).isEqualTo(200);
    assertThat(admin.post("/tickets/rotate", "{}").status()).isEqualTo(200);
    assertThat(admin.post("/tickets/rotate", "{\"forget\": false}").status()).isEqualTo(200);
    assertThat(admin.post("/tickets/rotate", "{\"forget\": true}").status()).isEqualTo(200);
    assertThat(admin.sources.changes)
        .containsExactly("rotate", "rotate", "rotate", "rotate and forget");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"forget", "[]", "{\"forget\": \"true\"}", "{\"forgot\": true}", "{\"forget\": 1}"})
  void rotatesNothingIfItIsUncertainWhatIsToBeForgotten(String body) throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(admin.post("/tickets/rotate", body).status()).isEqualTo(400);
    assertThat(admin.sources.changes).isEmpty();
  }

  @Test
  void tellsWhyTicketKeysCannotBeRotated() throws IOException {
    admin.start(LOOPBACK, "");
    admin.sources.refusal = Optional.of(new AdminSources.Refusal("keys are derived", "change it"));

    Reply reply = admin.post("/tickets/rotate", "");
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
    admin.start(LOOPBACK, "");
    Reply reply = admin.post("/ocsp/refresh", body);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(json(reply).at("/pending").asInt()).isEqualTo(status == 200 ? 1 : 0);
    assertThat(admin.sources.changes).containsExactly(change);
  }

  @ParameterizedTest
  @ValueSource(strings = {"www", "[]", "{\"certificate\": 1}", "{\"certificate\": \"www\""})
  void refusesARefreshItDoesNotUnderstand(String body) throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(admin.post("/ocsp/refresh", body).status()).isEqualTo(400);
    assertThat(admin.sources.changes).isEmpty();
  }

  @Test
  void setsALogLevel() throws IOException {
    admin.start(LOOPBACK, "");
    Reply reply = admin.post("/log-level", "{\"logger\": \"io.lockgate\", \"level\": \"debug\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(admin.sources.changes).containsExactly("log io.lockgate DEBUG");
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
    admin.start(LOOPBACK, "");
    Reply reply = admin.post("/log-level", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(json(reply).at("/hint").asString()).contains("debug", "warn");
    assertThat(admin.sources.changes).isEmpty();
  }

  @Test
  void keepsAnsweringWhileAReloadTakesLong() throws Exception {
    admin.start(LOOPBACK, "");
    admin.sources.reloadMayEnd = new CountDownLatch(1);
    CompletableFuture<Reply> reload = reloading();
    CompletableFuture<Reply> second = reloading();

    assertThat(admin.get("/livez").status()).isEqualTo(200);
    assertThat(admin.get("/metrics").status()).isEqualTo(200);
    admin.sources.reloadMayEnd.countDown();
    assertThat(reload.get().status()).isEqualTo(200);
    assertThat(second.get().status()).isEqualTo(200);
  }

  @Test
  void drainsWhileAReloadTakesLong() throws Exception {
    admin.start(LOOPBACK, "");
    admin.sources.reloadMayEnd = new CountDownLatch(1);
    CompletableFuture<Reply> reload = reloading();
    Patience.until("it is under way", () -> !admin.sources.changes.isEmpty());

    assertThat(admin.post("/drain", "").status()).isEqualTo(200);
    assertThat(admin.sources.changes).last().isEqualTo("drain");
    admin.sources.reloadMayEnd.countDown();
    assertThat(reload.get().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "post", "BREW"})
  void takesNoOtherMethod(String method) throws IOException {
    admin.start(LOOPBACK, "");

    Reply reply = admin.send(request(method, "/reload", "localhost", ""));
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.field("allow")).contains("POST");
    assertThat(admin.sources.changes).isEmpty();
  }

  @Test
  void doesNotPostToWhatOnlyReads() throws IOException {
    admin.start(LOOPBACK, "");
    Reply reply = admin.post("/hosts", "");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.field("allow")).contains("GET, HEAD");
  }

  /** Asks on a thread of its own. */
  private CompletableFuture<Reply> reloading() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return admin.post("/reload", "");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}

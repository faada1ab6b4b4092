package io.lockgate.admin;

import static io.lockgate.admin.ServedAdmin.LOOPBACK;
import static io.lockgate.admin.ServedAdmin.json;
import static io.lockgate.admin.ServedAdmin.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.admin.RawExchange.Reply;
import io.lockgate.config.model.BindAddress;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask the admin endpoint, and under which names. */
class AdminAccessTest {
  private final ServedAdmin admin = new ServedAdmin();

  @AfterEach
  void close() {
    admin.close();
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
      admin.start(LOOPBACK, "");

      assertThat(admin.send(request("GET", "/livez", host, "")).status()).isEqualTo(200);
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
      admin.start(LOOPBACK, "");

      assertThat(admin.send(request("GET", "/livez", host, "")).status()).as(host).isEqualTo(403);
      assertThat(admin.send(request("POST", "/reload", host, "")).status()).as(host).isEqualTo(403);
      assertThat(admin.sources.changes).isEmpty();
    }

    @Test
    void refusesARequestWithoutHostOrWithTwo() throws IOException {
      admin.start(LOOPBACK, "");

      assertThat(admin.send("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n").status())
          .isEqualTo(400);
      assertThat(
              admin.send(request("GET", "/livez", "localhost", "Host: evil.example\r\n")).status())
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
      admin.start(LOOPBACK, "");

      Reply reply =
          admin.send(request("POST", "/reload", "localhost:9901", "Origin: " + origin + "\r\n"));
      assertThat(reply.status()).isEqualTo(403);
      assertThat(json(reply).at("/error").asString()).isEqualTo("foreign Origin");
      assertThat(admin.sources.changes).isEmpty();
    }

    @Test
    void refusesWhatABrowserMarksAsCrossSite() throws IOException {
      admin.start(LOOPBACK, "");

      assertThat(
              admin
                  .send(request("GET", "/stats", "localhost", "Sec-Fetch-Site: cross-site\r\n"))
                  .status())
          .isEqualTo(403);
    }

    @Test
    void acceptsItsOwnOrigin() throws IOException {
      admin.start(LOOPBACK, "");

      String fields = "Origin: http://localhost:9901\r\nSec-Fetch-Site: same-origin\r\n";
      assertThat(admin.send(request("POST", "/reload", "localhost:9901", fields)).status())
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
      admin.start(LOOPBACK, "");

      assertThat(admin.send(request("POST", path, "localhost", "")).status()).isIn(404, 400);
      assertThat(admin.sources.changes).isEmpty();
    }

    @Test
    void refusesATargetThatNamesAnotherServer() throws IOException {
      admin.start(LOOPBACK, "");

      assertThat(admin.send(request("GET", "http://evil.example/livez", "localhost", "")).status())
          .isEqualTo(400);
      assertThat(admin.send(request("GET", "*", "localhost", "")).status()).isEqualTo(400);
    }

    @Test
    void hintsAtTheIndexForAnUnknownPath() throws IOException {
      admin.start(LOOPBACK, "");
      Reply reply = admin.get("/nothing?x=/livez");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(json(reply).at("/hint").asString()).contains("GET /");
    }
  }

  @Nested
  class WithAToken {
    @Test
    void asksForItBeforeAnyChange() throws IOException {
      admin.start(LOOPBACK, "s3cret");

      Reply reply = admin.post("/reload", "");
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.field("www-authenticate")).contains("Bearer realm=\"lockgate\"");
      assertThat(admin.sources.changes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret"})
    void refusesAnyOtherToken(String authorization) throws IOException {
      admin.start(LOOPBACK, "s3cret");

      String field = "Authorization: " + authorization + "\r\n";
      assertThat(admin.send(request("POST", "/drain", "localhost", field)).status()).isEqualTo(401);
      assertThat(admin.sources.changes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer s3cret", "bearer s3cret"})
    void acceptsTheRightOne(String authorization) throws IOException {
      admin.start(LOOPBACK, "s3cret");

      String field = "Authorization: " + authorization + "\r\n";
      assertThat(admin.send(request("POST", "/drain", "localhost", field)).status()).isEqualTo(200);
    }

    @Test
    void stillLetsThisMachineRead() throws IOException {
      admin.start(LOOPBACK, "s3cret");

      assertThat(admin.get("/stats").status()).isEqualTo(200);
    }
  }

  @Nested
  class WhereOthersCanConnect {
    private static final BindAddress ANY = new BindAddress("0.0.0.0", 0);

    @Test
    void doesNotStartWithoutAToken() {
      assertThatThrownBy(() -> admin.start(ANY, "")).isInstanceOf(IllegalArgumentException.class);
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
      admin.start(ANY, "s3cret");

      assertThat(admin.get(path).status()).isEqualTo(status);
      assertThat(admin.post(path, "").status()).isEqualTo(401);
    }

    @Test
    void answersUnderTheAddressThatTheClientReached() throws IOException {
      admin.start(ANY, "s3cret");
      BindAddress reached = new BindAddress("127.0.0.3", admin.address().port());

      String request = request("GET", "/livez", "127.0.0.3:9901", "");
      assertThat(RawExchange.send(reached, request).status()).isEqualTo(200);
      String foreign = request("GET", "/livez", "127.0.0.4:9901", "");
      assertThat(RawExchange.send(reached, foreign).status()).isEqualTo(403);
    }
  }
}

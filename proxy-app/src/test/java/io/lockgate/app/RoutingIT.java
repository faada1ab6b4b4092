package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route answers, and how. */
class RoutingIT {
  private static final String CONFIG =
      """
      lockgate {
        listeners {
          https { address = "127.0.0.1:{{https}}" }
          http { address = "127.0.0.1:{{http}}", tls = off }
          redirecting { address = "127.0.0.1:{{redirecting}}", tls = off, redirect-to-https = on }
        }
        certificates { www { chain = "www.pem", key = "www.key" } }
        access-log { format = off }
        upstreams { app { servers = ["%s"] } }
        hosts {
          "www.example.com" {
            hsts { max-age = 365d, include-subdomains = on }
            routes = [
              { path = "/api", methods = [GET, POST], upstream = app, strip-prefix = "/api"
                request-headers { set { X-Env = prod }, add { X-More = more }, remove = [X-Debug] }
                response-headers { set { X-Set = yes }, remove = [Server] } }
              { exact = "/exact", respond { status = 200, body = "exact" } }
              { regex = "/v[0-9]+/.*", respond { status = 203, body = "regex" } }
              { path = "/old", redirect { to = "https://www.example.com/new", status = 308 } }
              { path = "/first", respond { status = 200, body = "first" } }
              { path = "/first/second", respond { status = 200, body = "never" } }
              { path = "/files", upstream = app }
              { regex = "/user/([0-9]+)", upstream = app, rewrite { to = "/profiles/$1" } }
              { path = "/dots", upstream = app, rewrite { regex = "/dots/(.)x", to = "/$1." } }
            ]
          }
          "api.example.com" {
            listeners = [https]
            routes = [ { path = "/", respond { status = 200, body = "api" } } ]
          }
        }
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
    proxy = site.start(CONFIG.formatted(origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static HttpMessage exchange(String request) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      return client.send(request).readResponse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/exact,        200, exact",
    "/exact?q,      200, exact",
    "/exact/,       404,",
    "/v1/x,         203, regex",
    "/v1x,          404,",
    "/xv1/x,        404,",
    "/first,        200, first",
    "/first/second, 200, first",
    "/firstling,    404,",
    "/,             404,",
  })
  void firstRouteThatMatchesAnswers(String path, int status, String body) throws IOException {
    HttpMessage response = exchange(Site.get(path));
    assertThat(response.status()).isEqualTo(status);
    if (body != null) {
      assertThat(response.text()).isEqualTo(body);
    }
  }

  @Test
  void redirectKeepsItsStatusAndTarget() throws IOException {
    HttpMessage response = exchange(Site.get("/old/thing"));
    assertThat(response.status()).isEqualTo(308);
    assertThat(response.field("Location")).hasValue("https://www.example.com/new");
  }

  @Test
  void noRouteIsA404ThatNamesTheRequest() throws IOException {
    HttpMessage response = exchange(Site.get("/nothing/here"));
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.text()).contains(response.field("X-Request-Id").orElseThrow());
    assertThat(response.text()).doesNotContain("io.lockgate", "Exception");
  }

  @ParameterizedTest
  @CsvSource({
    "/api,          /",
    "/api/,         /",
    "/api/x/y?q=1,  /x/y?q=1",
    "/api?q=1,      /?q=1",
    "/files/a,      /files/a",
  })
  void prefixIsStrippedWhereConfigured(String path, String seen) throws IOException {
    assertThat(exchange(Site.get(path)).status()).isEqualTo(200);
    assertThat(origin.lastRequest().target()).isEqualTo(seen);
  }

  @ParameterizedTest
  @CsvSource({
    "/user/7,          /profiles/7",
    "/user/7?a=%2f&b,  /profiles/7?a=%2f&b",
    "/dots/other,      /dots/other"
  })
  void pathIsRewrittenWhereConfigured(String path, String seen) throws IOException {
    assertThat(exchange(Site.get(path)).status()).isEqualTo(200);
    assertThat(origin.lastRequest().target()).isEqualTo(seen);
  }

  @Test
  void pathThatRewritingWouldMakeClimbIsRefused() throws IOException {
    assertThat(exchange(Site.get("/dots/.x")).status()).isEqualTo(400);
  }

  @Test
  void fieldsAreEditedInBothDirections() throws IOException {
    HttpMessage response =
        exchange(
            Site.wire(
                """
                GET /api/x HTTP/1.1
                Host: www.example.com
                X-Env: test
                X-More: mine
                X-Debug: 1

                """));
    HttpMessage seen = origin.lastRequest();
    assertThat(seen.field("X-Env")).hasValue("prod");
    assertThat(seen.fields("X-More")).containsExactly("mine", "more");
    assertThat(seen.field("X-Debug")).isEmpty();
    assertThat(response.field("X-Set")).hasValue("yes");
    assertThat(response.field("Server")).isEmpty();
  }

  @Test
  void methodThatTheRouteDoesNotTakeIsNotForwarded() throws IOException {
    int before = origin.requests().size();
    HttpMessage response = exchange("DELETE /api/x HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
    assertThat(response.status()).isBetween(404, 405);
    assertThat(origin.requests()).hasSize(before);
  }

  @Test
  void strictTransportSecurityStandsOnEveryAnswerOverTls() throws IOException {
    for (String path : new String[] {"/exact", "/files/a", "/nothing", "/old"}) {
      assertThat(exchange(Site.get(path)).field("Strict-Transport-Security"))
          .as(path)
          .hasValue("max-age=31536000; includeSubDomains");
    }
  }

  @Test
  void strictTransportSecurityIsNeverSentInClear() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("http"))) {
      HttpMessage response = client.send(Site.get("/exact")).readResponse();
      assertThat(response.text()).isEqualTo("exact");
      assertThat(response.field("Strict-Transport-Security")).as("RFC 6797 section 7.2").isEmpty();
    }
  }

  @Test
  void plainListenerRedirectsToHttpsWithPathAndQuery() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("redirecting"))) {
      HttpMessage response = client.send(Site.get("/a/b?c=d")).readResponse();
      assertThat(response.status()).isIn(301, 302, 307, 308);
      assertThat(response.field("Location").orElseThrow())
          .matches("https://www\\.example\\.com(:\\d+)?/a/b\\?c=d");
    }
  }

  @Test
  void hostIsServedOnlyByItsListeners() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("http"))) {
      HttpMessage response =
          client.send("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n").readResponse();
      assertThat(response.status()).isIn(404, 421);
    }
  }

  @Nested
  class AnotherHostOnTheSameConnection {
    @Test
    void isServedWhereTheTermsOfTlsAreTheSame() throws IOException {
      try (RawClient client = site.connect(proxy);
          H2Client h2 = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
        client.send("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
        assertThat(client.readResponse().text()).isEqualTo("api");
        assertThat(h2.await(h2.get(Site.API, "/")).text()).isEqualTo("api");
      }
    }

    @Test
    void thatNobodyServesIsRefused() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send("GET / HTTP/1.1\r\nHost: unknown.example.org\r\n\r\n");
        assertThat(client.readResponse().status()).isIn(404, 421);
      }
    }
  }
}

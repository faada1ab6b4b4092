package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin gets to see of a request, and a client of a response. */
class ForwardingIT {
  private static final CountDownLatch HINTED = new CountDownLatch(1);
  private static final CountDownLatch ANSWERED_EARLY = new CountDownLatch(1);

  private static final String HOSTS =
      """
      lockgate {
        upstreams { app { servers = ["%s"] }, script { servers = ["%s"] } }
        hosts { "www.example.com" { routes = [
          { path = "/script", upstream = script }
          { path = "/", upstream = app }
        ] } }
      }
      """;

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static ScriptedOrigin scripted;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    scripted = ScriptedOrigin.playing(ForwardingIT::play);
    proxy = site.start(Site.LISTENERS + HOSTS.formatted(origin.address(), scripted.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
    scripted.close();
  }

  private static void play(ScriptedOrigin.Peer peer) throws IOException {
    HttpMessage head = peer.readHead();
    switch (head.target()) {
      case "/script/hints" -> {
        peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
        peer.await(HINTED).write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      }
      case "/script/early" -> {
        peer.write("HTTP/1.1 409 Conflict\r\nContent-Length: 5\r\n\r\nearly");
        peer.await(ANSWERED_EARLY);
      }
      case "/script/hop" ->
          peer.write(
              Site.wire(
                  """
                  HTTP/1.1 200 OK
                  Connection: X-Secret-Hop
                  X-Secret-Hop: 1
                  Keep-Alive: timeout=5
                  Proxy-Authenticate: Basic
                  X-Kept: 1
                  Content-Length: 2

                  ok\
                  """));
      case "/script/close" ->
          peer.write("HTTP/1.1 200 OK\r\nX-Kept: 1\r\n\r\nuntil the end").close();
      case "/script/old" -> peer.write("HTTP/1.0 200 OK\r\n\r\nvery old").close();
      default -> peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  }

  private static HttpMessage exchange(String request) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      return client.send(request).readResponse();
    }
  }

  private static HttpMessage seenByOrigin(String moreFields) throws IOException {
    exchange("GET /x HTTP/1.1\r\nHost: www.example.com\r\n" + moreFields + "\r\n");
    return origin.lastRequest();
  }

  @Nested
  class Requests {
    @Test
    void tellTheOriginWhoTheClientIs() throws IOException {
      HttpMessage seen = seenByOrigin("");
      assertThat(seen.field("X-Forwarded-For")).hasValue("127.0.0.1");
      assertThat(seen.field("X-Forwarded-Proto")).hasValue("https");
      assertThat(seen.field("X-Forwarded-Host")).hasValue("www.example.com");
      assertThat(seen.field("Host")).hasValue("www.example.com");
      assertThat(seen.field("Via").orElseThrow()).startsWith("1.1 ");
    }

    @Test
    void saySoWhereTheClientCameInClear() throws IOException {
      try (RawClient client = RawClient.connect(proxy.port("http"))) {
        client.send(Site.get("/x")).readResponse();
      }
      assertThat(origin.lastRequest().field("X-Forwarded-Proto")).hasValue("http");
    }

    @Test
    void loseWhatAnUntrustedClientSaysAboutItself() throws IOException {
      HttpMessage seen =
          seenByOrigin(
              Site.wire(
                  """
                  X-Forwarded-For: 6.6.6.6
                  X-Forwarded-Proto: gopher
                  X-Forwarded-Host: evil.example
                  Forwarded: for=6.6.6.6
                  """));
      assertThat(seen.field("X-Forwarded-For")).hasValue("127.0.0.1");
      assertThat(seen.field("X-Forwarded-Proto")).hasValue("https");
      assertThat(seen.field("X-Forwarded-Host")).hasValue("www.example.com");
      assertThat(seen.field("Forwarded")).isEmpty();
    }

    @Test
    void loseHopByHopFieldsAndThoseThatConnectionNames() throws IOException {
      HttpMessage seen =
          seenByOrigin(
              Site.wire(
                  """
                  Connection: keep-alive, X-Mine
                  X-Mine: 1
                  Keep-Alive: 5
                  TE: gzip
                  Proxy-Connection: keep-alive
                  Proxy-Authorization: Basic x
                  X-Kept: 1
                  """));
      assertThat(
              seen.fields().stream().map(field -> field.name().toLowerCase(java.util.Locale.ROOT)))
          .doesNotContain(
              "x-mine", "keep-alive", "te", "proxy-connection", "proxy-authorization", "upgrade")
          .contains("x-kept");
    }

    @Test
    void carryAFreshIdThatTheResponseNamesToo() throws IOException {
      HttpMessage response =
          exchange(
              "GET /x HTTP/1.1\r\nHost: www.example.com\r\nX-Request-Id: of-the-client\r\n\r\n");
      String id = origin.lastRequest().field("X-Request-Id").orElseThrow();
      assertThat(id).isNotBlank().isNotEqualTo("of-the-client");
      assertThat(response.field("X-Request-Id")).hasValue(id);
    }

    @Test
    void keepTheirTargetToTheLetter() throws IOException {
      exchange(Site.get("/a%2Fb//c;d=1?x=%20&y=1"));
      assertThat(origin.lastRequest().target()).startsWith("/a%2Fb//c;d=1?x=%20&y=1");
    }

    @Test
    void ofHttp2ArriveAsHttp11WithHostAndOneCookieLine() throws IOException {
      try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
        Http2Headers head =
            new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("https")
                .authority("www.example.com")
                .path("/h2?q")
                .add("cookie", "a=1")
                .add("cookie", "b=2")
                .add("te", "trailers");
        assertThat(client.await(client.request(head, true)).status()).isEqualTo(200);
      }
      HttpMessage seen = origin.lastRequest();
      assertThat(seen.startLine()).isEqualTo("GET /h2?q HTTP/1.1");
      assertThat(seen.field("Host")).hasValue("www.example.com");
      assertThat(seen.field("Cookie")).as("RFC 9113 section 8.2.3").hasValue("a=1; b=2");
      assertThat(seen.field("Via").orElseThrow()).startsWith("2");
    }

    @Test
    void pipelinedAreAnsweredInOrder() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send(Site.get("/1") + Site.get("/2") + Site.get("/3"));
        for (int i = 1; i <= 3; i++) {
          assertThat(client.readResponse().text()).startsWith("GET /" + i + " ");
        }
      }
    }

    @Test
    void ofHttp10AreAnsweredAndClosed() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send("GET /x HTTP/1.0\r\nHost: www.example.com\r\n\r\n");
        HttpMessage response = client.readResponse();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.field("Transfer-Encoding")).isEmpty();
        client.expectClosed();
      }
    }

    @Test
    void askedToCloseAreAnsweredAndClosed() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send("GET /x HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n");
        assertThat(client.readResponse().connectionHas("close")).isTrue();
        client.expectClosed();
      }
    }

    @Test
    void trailersReachTheOriginAndComeBack() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send(
            Site.wire(
                """
                POST /echo HTTP/1.1
                Host: www.example.com
                TE: trailers
                Connection: TE
                Trailer: X-Mine
                Transfer-Encoding: chunked

                5
                hello
                0
                X-Mine: 7

                """));
        HttpMessage response = client.readResponse();
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.trailer("X-Sum")).hasValue("end");
        assertThat(response.trailer("X-Mine")).hasValue("7");
      }
    }
  }

  @Nested
  class Responses {
    @Test
    void ofInterimStatusComeBeforeTheFinalOne() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        HttpMessage hints = client.send(Site.get("/script/hints")).readResponse();
        assertThat(hints.status()).isEqualTo(103);
        assertThat(hints.field("Link")).hasValue("</a.css>; rel=preload");
        HINTED.countDown();
        assertThat(client.readResponse().text()).isEqualTo("ok");
      }
    }

    @Test
    void toAnUploadMayComeBeforeItsEnd() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send(
            "POST /script/early HTTP/1.1\r\nHost: www.example.com\r\n"
                + "Content-Length: 1000000\r\n\r\nfirst bytes");
        HttpMessage response = client.readResponse();
        assertThat(response.status()).isEqualTo(409);
        assertThat(response.text()).isEqualTo("early");
      } finally {
        ANSWERED_EARLY.countDown();
      }
    }

    @Test
    void loseHopByHopFields() throws IOException {
      HttpMessage response = exchange(Site.get("/script/hop"));
      assertThat(response.field("X-Kept")).hasValue("1");
      assertThat(response.field("X-Secret-Hop")).isEmpty();
      assertThat(response.field("Keep-Alive")).isEmpty();
      assertThat(response.text()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/script/close, until the end", "/script/old, very old"})
    void endedByACloseOfTheOriginAreFramedForTheClient(String row) throws IOException {
      String[] cells = row.split(", ", -1);
      try (RawClient client = site.connect(proxy)) {
        HttpMessage response = client.send(Site.get(cells[0])).readResponse();
        assertThat(response.field("Transfer-Encoding")).hasValue("chunked");
        assertThat(response.text()).isEqualTo(cells[1]);
        assertThat(client.send(Site.get("/x")).readResponse().status())
            .as("the client's connection lives on")
            .isEqualTo(200);
      }
    }

    @Test
    void toHeadHaveNoContentAndTheConnectionGoesOn() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send("HEAD /bytes/10 HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
        assertThat(client.readResponseToHead().field("Content-Length")).hasValue("10");
        assertThat(client.send(Site.get("/x")).readResponse().status()).isEqualTo(200);
      }
    }

    @Test
    void keepTheirServerFieldUnlessEdited() throws IOException {
      assertThat(exchange(Site.get("/x")).field("Server")).hasValue("origin");
    }
  }

  @Test
  void upstreamConnectionIsUsedAgain() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get("/warm")).readResponse();
      int before = origin.connections();
      for (int i = 0; i < 20; i++) {
        client.send(Site.get("/again")).readResponse();
      }
      assertThat(origin.connections()).isEqualTo(before);
    }
  }
}

package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.AnswerConfig;
import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.ErrorPages;
import io.lockgate.config.model.ErrorPages.Page;
import io.lockgate.config.model.RouteAction;
import io.lockgate.http.AsciiBytes;
import io.lockgate.loop.ManualLoop;
import io.lockgate.upstream.UpstreamFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host puts into answers beside what routes and servers do. */
class AnswersTest {
  private static final String GET = "GET / HTTP/1.1|Host: a.example||";
  private static final String HTML = "text/html; charset=utf-8";

  private final ManualLoop loop = new ManualLoop();
  private final Scene scene = new Scene(loop);
  private final RecordingClientStream client = scene.client;

  @BeforeEach
  void watch() {
    scene.commonPages =
        new ErrorPages(
            Map.of(
                5, new Page("common 5xx %{status}", HTML),
                404, new Page("common 404", HTML),
                429, new Page("{}", "application/json")));
    scene.answers = pages(false);
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(client.breaches).isEmpty();
    assertThat(scene.buffers.held()).as("buffers nobody released").isZero();
    loop.close();
  }

  private static AnswerConfig pages(boolean intercept) {
    return new AnswerConfig(
        new ErrorPages(
            Map.of(
                4, new Page("own 4xx", HTML),
                502, new Page("<p>%{request-id} %{other} 100%{", HTML))),
        intercept,
        false);
  }

  @Nested
  class ErrorsOfTheProxyItself {
    @Test
    void haveThePageOfTheHost() {
      scene.begin(GET);
      scene.upstream.refuse(UpstreamFailure.CONNECT_FAILED);
      String id = field("X-Request-Id");
      assertThat(client.status).isEqualTo(502);
      assertThat(client.content).hasToString("<p>" + id + " %{other} 100%{");
      assertThat(client.fields)
          .contains("Content-Type: " + HTML, "Cache-Control: no-store")
          .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
      "QUEUE_FULL,      503, common 5xx 503",
      "CONNECT_TIMEOUT, 504, common 5xx 504",
      "CONNECT_FAILED,  502, <p>"
    })
    void haveThatOfAllHostsWhereTheHostHasNone(UpstreamFailure why, int status, String body) {
      scene.begin(GET);
      scene.upstream.refuse(why);
      assertThat(client.status).isEqualTo(status);
      assertThat(client.content.toString()).startsWith(body);
    }

    @Test
    void putTheHostsClassBeforeTheVeryStatusOfAllHosts() {
      assertThat(content(404)).isEqualTo("own 4xx");
      scene.answers = AnswerConfig.PLAIN;
      assertThat(content(404)).isEqualTo("common 404");
    }

    @Test
    void sayWhenToComeAgain() {
      scene.begin(GET);
      scene.upstream.refuse(UpstreamFailure.QUEUE_FULL);
      assertThat(client.fields).contains("Retry-After: 1");
    }

    @Test
    void keepMarkupThatAClientSentAsItsIdOutOfThePage() {
      scene.trustRequestId = true;
      scene.begin("GET / HTTP/1.1|Host: a|X-Request-Id: <script>&'||");
      scene.upstream.refuse(UpstreamFailure.CONNECT_FAILED);
      assertThat(client.content.toString()).startsWith("<p>_script___ ");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "application/json",
          "application/problem+json;q=0.9, */*;q=0.1",
          "text/plain, Application/JSON"
        })
    void areToldInJsonToWhoAsksForIt(String accept) {
      scene.begin("GET / HTTP/1.1|Host: a|Accept: " + accept + "||");
      scene.upstream.refuse(UpstreamFailure.CONNECT_FAILED);
      assertThat(client.fields).contains("Content-Type: application/problem+json");
      assertThat(client.content)
          .hasToString(
              "{\"type\":\"about:blank\",\"status\":502,\"detail\":\"the server cannot be reached\","
                  + "\"request_id\":\""
                  + field("X-Request-Id")
                  + "\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/html, application/json", "text/html,*/*;q=0.8"})
    void areToldByAPageToWhoTakesPages(String accept) {
      scene.begin("GET / HTTP/1.1|Host: a|Accept: " + accept + "||");
      scene.upstream.refuse(UpstreamFailure.CONNECT_FAILED);
      assertThat(client.fields).contains("Content-Type: " + HTML);
    }

    private String content(int status) {
      return ErrorBodies.of(scene.answers.errorPages(), scene.commonPages)
          .page(status)
          .orElseThrow()
          .content(status, AsciiBytes.of("x"))
          .toString(java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Nested
  class ErrorsOfAServer {
    private static final String GONE =
        "HTTP/1.1 404 Not Found|Content-Length: 5|Content-Type: text/plain|ETag: \"x\"|"
            + "Content-Encoding: gzip|Last-Modified: x|Set-Cookie: a=b|Retry-After: 7||";

    @Test
    void passUnlessTheHostIntercepts() {
      scene.begin(GET);
      scene.upstream.open().respond(GONE).send(scene.buffers.of("hello")).end();
      assertThat(client.content).hasToString("hello");
    }

    @Test
    void areReplacedInContentAndWhatDescribesIt() {
      scene.answers = pages(true);
      scene.begin(GET);
      scene.upstream.open().respond(GONE).send(scene.buffers.of("hello")).end();
      assertThat(client.status).isEqualTo(404);
      assertThat(client.content).hasToString("own 4xx");
      assertThat(client.fields)
          .contains("Content-Type: " + HTML, "Set-Cookie: a=b", "Retry-After: 7")
          .noneMatch(line -> line.matches("(?i)(etag|content-encoding|last-modified).*"));
      assertThat(scene.listener.attempts).containsExactly("app 10.0.0.1:80 4xx");
      assertThat(scene.listener.responseBytes).isEqualTo(7);
    }

    @Test
    void passWhereThereIsNoPage() {
      scene.answers = pages(true);
      scene.commonPages = ErrorPages.NONE;
      scene.begin(GET);
      scene
          .upstream
          .open()
          .respond("HTTP/1.1 500 No|Content-Length: 5||")
          .send(scene.buffers.of("hello"))
          .end();
      assertThat(client.content).hasToString("hello");
    }

    @Test
    void neverCostMoreThanTheyAreWorth() {
      scene.answers = pages(true);
      scene.begin(GET);
      ScriptedStream server =
          scene.upstream.open().respond("HTTP/1.1 404 No|Transfer-Encoding: chunked||");
      server.send(scene.buffers.of("x".repeat(64 * 1024)));
      assertThat(client.ends).isZero();
      server.send(scene.buffers.of("x"));
      assertThat(client.ends).isEqualTo(1);
      assertThat(server.cancelled).isTrue();
      assertThat(client.content).hasToString("own 4xx");
    }

    @Test
    void areWholeThoughTheServerFailsInItsAnswer() {
      scene.answers = pages(true);
      scene.begin(GET);
      scene.upstream.open().respond(GONE).fail(UpstreamFailure.CLOSED_IN_RESPONSE);
      assertThat(client.ends).isEqualTo(1);
      assertThat(client.aborts).isZero();
      assertThat(client.content).hasToString("own 4xx");
    }

    @Test
    void haveNoContentInAnswerToHead() {
      scene.answers = pages(true);
      scene.begin("HEAD / HTTP/1.1|Host: a||");
      scene.upstream.open().respond("HTTP/1.1 404 No|Content-Length: 5||").end();
      assertThat(client.content.toString()).isEmpty();
      assertThat(scene.listener.responseBytes).isZero();
    }
  }

  @Nested
  class SecurityHeaders {
    @BeforeEach
    void on() {
      scene.answers = new AnswerConfig(ErrorPages.NONE, false, true);
    }

    @Test
    void standOnEveryAnswer() {
      scene.action = new RouteAction.RespondWith(200, "x", "text/plain");
      scene.begin(GET);
      assertThat(client.fields)
          .contains(
              "X-Content-Type-Options: nosniff",
              "X-Frame-Options: SAMEORIGIN",
              "Referrer-Policy: strict-origin-when-cross-origin",
              "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    }

    @Test
    void giveWayToWhatTheServerSays() {
      scene.begin(GET);
      scene
          .upstream
          .open()
          .respond("HTTP/1.1 204 No Content|x-frame-options: DENY|Referrer-Policy: no-referrer||")
          .end();
      assertThat(client.fields)
          .contains("x-frame-options: DENY", "Referrer-Policy: no-referrer")
          .filteredOn(line -> line.matches("(?i)(x-frame|referrer).*"))
          .hasSize(2);
    }

    @Test
    void areNothingThatWouldNotBeAskedFor() {
      scene.answers = AnswerConfig.PLAIN;
      scene.hsts = Optional.empty();
      scene.begin(GET);
      scene.upstream.open().respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.fields).hasSize(1);
    }
  }

  @Nested
  class Compression {
    @BeforeEach
    void on() {
      scene.compression =
          Optional.of(
              new CompressionConfig(
                  List.of(CompressionConfig.Encoding.GZIP), List.of("text/*"), 1));
    }

    @Test
    void encodesPieceByPieceAndKeepsTrailers() {
      scene.begin("GET / HTTP/1.1|Host: a|Accept-Encoding: gzip||");
      ScriptedStream server =
          scene.upstream.open().respond("HTTP/1.1 200 OK|Content-Type: text/event-stream||");
      server.send(scene.buffers.of("data: 1"));
      assertThat(client.content.toString()).as("nothing is held back").isNotEmpty();
      server.send(scene.buffers.of("data: 2"));
      server.end("sum", "2");
      assertThat(client.fields).contains("Content-Encoding: gzip");
      assertThat(client.trailers).containsExactly("sum: 2");
      assertThat(scene.listener.responseBytes).isEqualTo(client.content.length());
    }

    @Test
    void isGivenUpWithTheResponse() {
      scene.begin("GET / HTTP/1.1|Host: a|Accept-Encoding: gzip||");
      scene
          .upstream
          .open()
          .respond("HTTP/1.1 200 OK|Content-Type: text/plain||")
          .send(scene.buffers.of("x"))
          .fail(UpstreamFailure.CLOSED_IN_RESPONSE);
      assertThat(client.aborts).isEqualTo(1);
    }
  }

  private String field(String name) {
    return client.fields.stream()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElseThrow();
  }
}

package io.lockgate.exchange;

import static io.lockgate.exchange.Scene.CHUNKED;
import static io.lockgate.exchange.Scene.GET;
import static io.lockgate.exchange.Scene.OK;
import static io.lockgate.exchange.Scene.UPLOAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.RouteAction;
import io.lockgate.http.AsciiBytes;
import io.lockgate.loop.ManualLoop;
import io.lockgate.route.TestHeads;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that goes to a server and its answer to the client, and what is added on the way. */
class ExchangeTest {
  private final Scene scene = new Scene(new ManualLoop());
  private final RecordingClientStream client = scene.client;
  private final ScriptedUpstream upstream = scene.upstream;

  @AfterEach
  void leavesNothingBehind() {
    scene.leavesNothingBehind();
  }

  @Nested
  class Forwarding {
    @Test
    void passesRequestAndResponseOn() {
      scene.begin(GET);
      ScriptedStream server = upstream.open();
      assertThat(server.head).startsWith("GET /a?b=c HTTP/1.1|Host: a.example|");
      assertThat(server.headEndsRequest).isTrue();

      server.respond(OK).send(scene.buffers.of("hello")).end();

      assertThat(client.status).isEqualTo(200);
      assertThat(client.content).hasToString("hello");
      assertThat(client.requestComplete).isTrue();
      assertThat(scene.listener.status).isEqualTo(200);
      assertThat(scene.listener.responseBytes).isEqualTo(5);
      assertThat(scene.listener.error).isEmpty();
      assertThat(scene.listener.attempts).containsExactly("app 10.0.0.1:80 2xx");
    }

    @Test
    void keepsContentThatComesBeforeTheServerIsThere() {
      Exchange exchange = scene.begin(UPLOAD);
      assertThat(client.dataWanted).as("no content is wanted yet").isFalse();
      exchange.requestData(scene.buffers.of("01234"));
      exchange.requestData(scene.buffers.of("56789"));
      exchange.requestEnd(TestHeads.fields());

      ScriptedStream server = upstream.open();

      assertThat(server.content).hasToString("0123456789");
      assertThat(server.requestEnded).isTrue();
      server.respond(OK).send(scene.buffers.of("hello")).end();
      assertThat(scene.listener.requestBytes).isEqualTo(10);
    }

    @Test
    void streamsContentOnceTheServerIsThere() {
      Exchange exchange = scene.begin(UPLOAD);
      ScriptedStream server = upstream.open();
      assertThat(client.dataWanted).isTrue();

      exchange.requestData(scene.buffers.of("01234"));
      assertThat(server.content).hasToString("01234");
      exchange.requestData(scene.buffers.of("56789"));
      exchange.requestEnd(TestHeads.fields());

      assertThat(server.requestEnded).isTrue();
      server.respond("HTTP/1.1 204 No Content||").end();
    }

    @Test
    void passesInterimResponsesOn() {
      scene.begin(GET);
      upstream.open().interim(103).respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.interim).containsExactly(103);
    }

    @Test
    void passesTrailersOnInBothDirections() {
      Exchange exchange = scene.begin(CHUNKED);
      ScriptedStream server = upstream.open();
      exchange.requestEnd(TestHeads.fields("sum", "1"));
      assertThat(server.trailers).containsExactly("sum: 1");

      server.respond("HTTP/1.1 200 OK|Transfer-Encoding: chunked||").end("sum", "2");
      assertThat(client.trailers).containsExactly("sum: 2");
    }

    @Test
    void keepsTrailersThatComeBeforeTheServerIsThere() {
      Exchange exchange = scene.begin(CHUNKED);
      var section = TestHeads.fields("sum", "1");
      exchange.requestEnd(section);
      section.clear();

      ScriptedStream server = upstream.open();
      assertThat(server.trailers).containsExactly("sum: 1");
      server.respond("HTTP/1.1 204 No Content||").end();
    }

    @Test
    void removesWhatConcernsOneConnectionOnly() {
      scene.begin("GET / HTTP/1.1|Host: a|Connection: x-private|X-Private: 1|Keep-Alive: 5||");
      ScriptedStream server = upstream.open();
      assertThat(server.head).doesNotContain("rivate").doesNotContain("Keep-Alive");

      server.respond("HTTP/1.1 204 No Content|Connection: x-own|X-Own: 1||").end();
      assertThat(client.fields)
          .noneMatch(field -> field.toLowerCase(Locale.ROOT).contains("x-own"));
    }

    @Test
    void editsFieldsAndStripsThePrefixAsTheRouteSays() {
      scene.stripPrefix = Optional.of("/api");
      scene.requestEdits =
          new FieldEdits(List.of(new FieldEdits.Field("X-Env", "prod")), List.of(), List.of("x-a"));
      scene.responseEdits = new FieldEdits(List.of(), List.of(), List.of("server"));
      scene.begin("GET /api/x?y HTTP/1.1|Host: a|X-A: 1||");
      ScriptedStream server = upstream.open();
      assertThat(server.head).startsWith("GET /x?y HTTP/1.1|").contains("X-Env: prod|");
      assertThat(server.head).doesNotContain("X-A");

      server.respond("HTTP/1.1 204 No Content|Server: old||").end();
      assertThat(client.fields).noneMatch(field -> field.startsWith("Server"));
    }

    @Test
    void saysInTheRoutesFieldsWhatIsKnownOfTheRequest() {
      scene.requestEdits =
          new FieldEdits(
              List.of(
                  new FieldEdits.Field("X-Real-IP", "%{client-address}"),
                  new FieldEdits.Field("X-Asked", "%{host}"),
                  new FieldEdits.Field("X-Tls", "%{tls-version}")),
              List.of(),
              List.of());
      scene.responseEdits =
          new FieldEdits(
              List.of(), List.of(new FieldEdits.Field("X-Id", "%{request-id}")), List.of());
      Exchange exchange = scene.begin("GET / HTTP/1.1|Host: a|X-Real-IP: 10.1.1.1|X-Tls: forged||");
      ScriptedStream server = upstream.open();
      assertThat(server.head).contains("X-Real-IP: 127.0.0.1|", "X-Asked: a|");
      assertThat(server.head).doesNotContain("10.1.1.1", "forged");

      server.respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.fields).contains("X-Id: " + exchange.requestId());
    }
  }

  @Nested
  class Answering {
    @Test
    void respondsAndRedirectsByItself() {
      scene.action = new RouteAction.RespondWith(200, "pong", "text/plain");
      scene.begin(GET);
      assertThat(client.status).isEqualTo(200);
      assertThat(client.content).hasToString("pong");
      assertThat(client.fields).contains("Content-Type: text/plain");
      assertThat(scene.listener.responseBytes).isEqualTo(4);
    }

    @Test
    void redirectsAsTheRouteSays() {
      scene.action = new RouteAction.RedirectTo("https://b.example/", 308);
      scene.begin(GET);
      assertThat(client.status).isEqualTo(308);
      assertThat(client.fields).contains("Location: https://b.example/");
    }

    @Test
    void leavesUnreadContentToTheConnection() {
      scene.action = new RouteAction.RedirectTo("https://b.example/", 308);
      scene.begin(UPLOAD);
      assertThat(client.requestComplete).isFalse();
    }

    @Test
    void addsStrictTransportSecurityInPlaceOfTheServers() {
      scene.hsts = Optional.of(AsciiBytes.of("max-age=60"));
      scene.begin(GET);
      upstream
          .open()
          .respond("HTTP/1.1 204 No Content|Strict-Transport-Security: max-age=0||")
          .end();
      assertThat(client.fields)
          .filteredOn(field -> field.startsWith("Strict-Transport-Security"))
          .containsExactly("Strict-Transport-Security: max-age=60");
    }
  }

  @Nested
  class RequestId {
    @Test
    void isMadeAndSentBothWaysWhateverTheClientSent() {
      scene.begin("GET / HTTP/1.1|Host: a|X-Request-Id: mine||");
      ScriptedStream server = upstream.open();
      String made = server.head.replaceAll(".*X-Request-Id: ([0-9a-f]{32})\\|.*", "$1");
      assertThat(made).hasSize(32);
      assertThat(server.head).doesNotContain("mine");

      server.respond("HTTP/1.1 204 No Content|X-Request-Id: theirs||").end();
      assertThat(client.fields)
          .filteredOn(field -> field.startsWith("X-Request-Id"))
          .containsExactly("X-Request-Id: " + made);
    }

    @Test
    void ofATrustedClientIsKept() {
      scene.trustRequestId = true;
      scene.begin("GET / HTTP/1.1|Host: a|X-Request-Id: mine||");
      ScriptedStream server = upstream.open();
      assertThat(server.head).containsOnlyOnce("X-Request-Id: mine|");
      server.respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.fields).contains("X-Request-Id: mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "quote\"d"})
    void thatCannotBePassedOnIsReplaced(String sent) {
      scene.trustRequestId = true;
      scene.begin("GET / HTTP/1.1|Host: a|X-Request-Id: " + sent + "||");
      assertThat(upstream.open().head).containsPattern("X-Request-Id: [0-9a-f]{32}\\|");
      upstream.streams.get(0).respond("HTTP/1.1 204 No Content||").end();
    }
  }
}

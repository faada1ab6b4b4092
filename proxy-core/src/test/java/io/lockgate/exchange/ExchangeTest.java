package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.http.AsciiBytes;
import io.lockgate.loop.ManualLoop;
import io.lockgate.route.TestHeads;
import io.lockgate.upstream.UpstreamFailure;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeTest {
  private static final String GET = "GET /a?b=c HTTP/1.1|Host: a.example||";
  private static final String UPLOAD = "PUT /a HTTP/1.1|Host: a.example|Content-Length: 10||";
  private static final String CHUNKED =
      "PUT /a HTTP/1.1|Host: a.example|Transfer-Encoding: chunked||";
  private static final String OK = "HTTP/1.1 200 OK|Content-Length: 5||";

  private final ManualLoop loop = new ManualLoop();
  private final Scene scene = new Scene(loop);
  private final RecordingClientStream client = scene.client;
  private final ScriptedUpstream upstream = scene.upstream;

  @AfterEach
  void leavesNothingBehind() {
    assertThat(client.breaches).as("breaches towards the client").isEmpty();
    upstream.streams.forEach(
        stream -> assertThat(stream.breaches).as("breaches towards the server").isEmpty());
    assertThat(scene.listener.started).as("beginnings told").isEqualTo(1);
    assertThat(scene.listener.ended).as("ends told").isEqualTo(1);
    assertThat(client.exchangeEnds).as("ends told to the client's side").isEqualTo(1);
    assertThat(scene.buffers.held()).as("buffers nobody released").isZero();
    assertThat(loop.busy()).as("deadlines left armed").isFalse();
    loop.close();
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

  @Nested
  class Backpressure {
    @Test
    void aServerThatDoesNotReadStopsTheClient() {
      Exchange exchange = scene.begin(UPLOAD);
      ScriptedStream server = upstream.open();
      server.writable = false;
      exchange.requestData(scene.buffers.of("01234"));
      assertThat(client.dataWanted).isFalse();
      server.room(true);
      assertThat(client.dataWanted).isTrue();
      exchange.requestData(scene.buffers.of("56789"));
      exchange.requestEnd(TestHeads.fields());
      server.respond("HTTP/1.1 204 No Content||").end();
    }

    @Test
    void aClientThatDoesNotReadStopsTheServer() {
      Exchange exchange = scene.begin(GET);
      ScriptedStream server = upstream.open();
      server.respond(OK);
      client.writable = false;
      server.send(scene.buffers.of("he"));
      assertThat(server.dataWanted).isFalse();
      client.writable = true;
      exchange.clientWritable(true);
      assertThat(server.dataWanted).isTrue();
      server.send(scene.buffers.of("llo")).end();
    }

    @Test
    void aClientThatReadsNothingYetStopsTheServerWithTheHead() {
      client.writable = false;
      scene.begin(GET);
      ScriptedStream server = upstream.open();
      server.respond(OK);
      assertThat(server.dataWanted).isFalse();
      server.send(scene.buffers.of("hello")).end();
    }
  }

  @Nested
  class TooMuchContent {
    @Test
    void declaredIsRefusedBeforeAnyServerIsAsked() {
      scene.maxBody = OptionalLong.of(9);
      scene.begin(UPLOAD);
      assertThat(client.status).isEqualTo(413);
      assertThat(upstream.asked()).isFalse();
      assertThat(scene.listener.error).isEqualTo("content_too_large");
    }

    @Test
    void countedIsRefusedAndTheServerLetGo() {
      scene.maxBody = OptionalLong.of(9);
      Exchange exchange = scene.begin(CHUNKED);
      ScriptedStream server = upstream.open();
      exchange.requestData(scene.buffers.of("01234"));
      exchange.requestData(scene.buffers.of("56789"));
      assertThat(client.status).isEqualTo(413);
      assertThat(server.cancelled).isTrue();
      assertThat(client.requestComplete).isFalse();
      assertThat(scene.listener.attempts).containsExactly("app 10.0.0.1:80 content_too_large");
    }

    @Test
    void keptForALateServerIsReleased() {
      scene.maxBody = OptionalLong.of(9);
      Exchange exchange = scene.begin(CHUNKED);
      exchange.requestData(scene.buffers.of("01234"));
      exchange.requestData(scene.buffers.of("56789"));
      assertThat(client.status).isEqualTo(413);
      assertThat(upstream.open().cancelled).as("a server that comes too late").isTrue();
    }

    @Test
    void exactlyAsMuchAsAllowedIsAccepted() {
      scene.maxBody = OptionalLong.of(10);
      Exchange exchange = scene.begin(UPLOAD);
      ScriptedStream server = upstream.open();
      exchange.requestData(scene.buffers.of("0123456789"));
      exchange.requestEnd(TestHeads.fields());
      server.respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.status).isEqualTo(204);
    }
  }

  @Nested
  class BrokenContent {
    @Test
    void isAnsweredAndNeverCountsAsACompleteRequest() {
      Exchange exchange = scene.begin(CHUNKED);
      ScriptedStream server = upstream.open();
      exchange.requestBroken(Failure.CONTENT_MALFORMED);
      assertThat(client.status).isEqualTo(400);
      assertThat(server.cancelled).isTrue();
      assertThat(client.requestComplete).as("so the rest is not read as a request").isFalse();
      assertThat(scene.listener.attempts).containsExactly("app 10.0.0.1:80 content_malformed");
    }

    @Test
    void afterTheResponseBeganAbortsIt() {
      Exchange exchange = scene.begin(CHUNKED);
      upstream.open().respond(OK);
      exchange.requestBroken(Failure.CONTENT_MALFORMED);
      assertThat(client.aborts).isEqualTo(1);
      assertThat(scene.listener.status).isEqualTo(200);
    }
  }

  @Test
  void anEarlyResponseAbandonsTheRestOfTheRequest() {
    Exchange exchange = scene.begin(UPLOAD);
    ScriptedStream server = upstream.open();
    exchange.requestData(scene.buffers.of("01234"));
    server.respond("HTTP/1.1 403 Forbidden|Content-Length: 2||");
    server.send(scene.buffers.of("no")).end();
    assertThat(client.status).isEqualTo(403);
    assertThat(client.content).hasToString("no");
    assertThat(client.requestComplete).isFalse();
    exchange.requestData(scene.buffers.of("56789"));
    exchange.requestEnd(TestHeads.fields());
  }

  @Nested
  class Retrying {
    @Test
    void sendsAnIdempotentRequestAgainElsewhere() {
      scene.begin(GET);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(upstream.avoided).containsExactly("", "10.0.0.1:80");
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.status).isEqualTo(204);
      assertThat(scene.listener.retries).isEqualTo(1);
      assertThat(scene.listener.retried).isEqualTo(1);
      assertThat(scene.listener.server).isEqualTo("10.0.0.2:80");
      assertThat(scene.listener.attempts)
          .containsExactly("app 10.0.0.1:80 closed_before_response", "app 10.0.0.2:80 2xx");
    }

    @Test
    void sendsTheSameHeadAgain() {
      scene.begin(GET);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      assertThat(upstream.streams.get(1).head).isEqualTo(upstream.streams.get(0).head);
    }

    @Test
    void keepsContentBackThatWasNotSentYet() {
      Exchange exchange = scene.begin(UPLOAD);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.dataWanted).isFalse();
      exchange.requestData(scene.buffers.of("0123456789"));
      exchange.requestEnd(TestHeads.fields());
      ScriptedStream second = upstream.open();
      assertThat(second.content).hasToString("0123456789");
      second.respond("HTTP/1.1 204 No Content||").end();
    }

    @Test
    void neverRepeatsWhatIsNotIdempotent() {
      scene.begin("POST / HTTP/1.1|Host: a||");
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.status).isEqualTo(502);
      assertThat(upstream.asked()).isFalse();
    }

    @Test
    void neverRepeatsOnceContentWasSent() {
      Exchange exchange = scene.begin(UPLOAD);
      ScriptedStream server = upstream.open();
      exchange.requestData(scene.buffers.of("01234"));
      server.fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.status).isEqualTo(502);
      assertThat(client.requestComplete).isFalse();
    }

    @Test
    void endsWhenTheUpstreamGrantsNoMore() {
      scene.begin(GET);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.status).isEqualTo(502);
      assertThat(scene.listener.error).isEqualTo("closed_before_response");
      assertThat(upstream.asked()).isFalse();
    }

    @Test
    void aStaleConnectionCostsNoneOfTheAttempts() {
      scene.begin(GET);
      upstream.nextIsReused = true;
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      upstream.nextIsReused = false;
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.status).isEqualTo(502);
      assertThat(upstream.streams).hasSize(3);
    }

    @Test
    void ofAStaleConnectionNeedsNoPermissionAndANewConnection() {
      upstream.retriesGranted = 0;
      scene.begin(GET);
      upstream.nextIsReused = true;
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      upstream.nextIsReused = false;
      assertThat(upstream.fresh).containsExactly(false, true);
      assertThat(upstream.avoided).as("the server itself is well").containsExactly("", "");
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.status).isEqualTo(204);
    }

    @Test
    void ofAConnectionThatWasEndingNeedsNoPermissionOnceWhateverTheMethod() {
      upstream.retriesGranted = 0;
      scene.begin("DELETE /a HTTP/1.1|Host: a||");
      upstream.open().fail(UpstreamFailure.CONNECTION_ENDING);
      assertThat(upstream.fresh).as("others may share the next one").containsExactly(false, false);
      assertThat(upstream.avoided).containsExactly("", "10.0.0.1:80");
      upstream.open().fail(UpstreamFailure.CONNECTION_ENDING);
      assertThat(client.status).as("a server that always does so makes no storm").isEqualTo(502);
      assertThat(scene.listener.error).isEqualTo("refused_stream");
    }

    @Test
    void ofARequestThatAServerHasNoRoomForTakesPermission() {
      upstream.retriesGranted = 0;
      scene.begin(GET);
      upstream.open().fail(UpstreamFailure.REFUSED_STREAM);
      assertThat(client.status).isEqualTo(502);
      assertThat(upstream.asked()).isFalse();
    }

    @Test
    void isNotMadeOfAHeadThatTheServerDoesNotTake() {
      scene.begin(GET);
      upstream.open().fail(UpstreamFailure.HEAD_TOO_LARGE);
      assertThat(client.status).isEqualTo(431);
      assertThat(scene.listener.error).isEqualTo("head_too_large");
      assertThat(upstream.asked()).isFalse();
    }

    @Test
    void repeatsContentThatWasKept() {
      upstream.replayBytes = 10;
      Exchange exchange = scene.begin(UPLOAD);
      ScriptedStream first = upstream.open();
      exchange.requestData(scene.buffers.of("01234"));
      exchange.requestData(scene.buffers.of("56789"));
      exchange.requestEnd(TestHeads.fields());
      first.fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      ScriptedStream second = upstream.open();
      assertThat(second.content).hasToString("0123456789");
      assertThat(second.requestEnded).isTrue();
      second.respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.status).isEqualTo(204);
    }

    @Test
    void goesOnWithTheContentThatIsStillToCome() {
      upstream.replayBytes = 10;
      Exchange exchange = scene.begin(UPLOAD);
      ScriptedStream first = upstream.open();
      exchange.requestData(scene.buffers.of("01234"));
      first.fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      ScriptedStream second = upstream.open();
      assertThat(second.content).hasToString("01234");
      exchange.requestData(scene.buffers.of("56789"));
      exchange.requestEnd(TestHeads.fields());
      assertThat(second.content).hasToString("0123456789");
      second.respond("HTTP/1.1 204 No Content||").end();
    }

    @Test
    void keepsNoMoreContentThanAllowed() {
      upstream.replayBytes = 9;
      Exchange exchange = scene.begin(UPLOAD);
      ScriptedStream first = upstream.open();
      exchange.requestData(scene.buffers.of("0123456789"));
      exchange.requestEnd(TestHeads.fields());
      first.fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.status).isEqualTo(502);
    }

    @Test
    void givesASlowServerUpAndAsksAnother() {
      upstream.perTryNanos = Duration.ofSeconds(1).toNanos();
      scene.begin(GET);
      ScriptedStream slow = upstream.open();
      loop.pass(Duration.ofMillis(1200));
      assertThat(slow.cancelled).isTrue();
      assertThat(upstream.avoided).containsExactly("", "10.0.0.1:80");
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.status).isEqualTo(204);
    }

    @Test
    void isNotDoneWhereTheRouteWantsNone() {
      scene.retry =
          Optional.of(new RouteConfig.Retry(OptionalInt.of(0), Optional.empty(), Optional.empty()));
      scene.begin(GET);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.status).isEqualTo(502);
      assertThat(upstream.asked()).isFalse();
    }

    @Test
    void isDoneAsOftenAsTheRouteSaysItself() {
      scene.retry =
          Optional.of(new RouteConfig.Retry(OptionalInt.of(3), Optional.empty(), Optional.empty()));
      scene.begin(GET);
      for (int i = 0; i < 3; i++) {
        upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      }
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.status).isEqualTo(204);
    }

    @Test
    void isNotDoneOnceTheBudgetIsSpent() {
      upstream.budget = false;
      scene.begin(GET);
      upstream.open().fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      assertThat(client.status).isEqualTo(502);
    }

    @Test
    void givesASlowServerUpAsSoonAsTheRouteSays() {
      scene.retry =
          Optional.of(
              new RouteConfig.Retry(
                  OptionalInt.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(1))));
      scene.begin(GET);
      ScriptedStream slow = upstream.open();
      loop.pass(Duration.ofMillis(1200));
      assertThat(slow.cancelled).isTrue();
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      assertThat(client.status).isEqualTo(204);
    }

    @Test
    void isNotForASlowServerThatMayHaveActed() {
      upstream.perTryNanos = Duration.ofSeconds(1).toNanos();
      scene.begin("POST / HTTP/1.1|Host: a||");
      upstream.open();
      loop.pass(Duration.ofMillis(1200));
      assertThat(client.status).isEqualTo(504);
      assertThat(scene.listener.error).isEqualTo("try_timeout");
    }

    @Test
    void isNotForAServerThatHasBegunToAnswer() {
      upstream.perTryNanos = Duration.ofSeconds(1).toNanos();
      scene.begin(GET);
      ScriptedStream server = upstream.open().respond(OK);
      loop.pass(Duration.ofSeconds(3));
      server.send(scene.buffers.of("hello")).end();
      assertThat(client.content).hasToString("hello");
    }

    @ParameterizedTest
    @CsvSource({
      "RESPONSE_TIMEOUT,   504, response_timeout",
      "RESPONSE_MALFORMED, 502, response_malformed"
    })
    void isNotForOtherFailures(UpstreamFailure why, int status, String error) {
      scene.begin(GET);
      upstream.open().fail(why);
      assertThat(client.status).isEqualTo(status);
      assertThat(scene.listener.error).isEqualTo(error);
      assertThat(upstream.asked()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT_FAILED,  502",
    "CONNECT_TIMEOUT, 504",
    "QUEUE_FULL,      503",
    "WAIT_TIMEOUT,    503"
  })
  void tellsWhyNoConnectionCouldBeHad(UpstreamFailure why, int status) {
    scene.begin(GET);
    upstream.refuse(why);
    assertThat(client.status).isEqualTo(status);
    assertThat(client.content.toString()).startsWith(status + " ").contains("request id ");
    assertThat(client.fields.contains("Retry-After: 1")).isEqualTo(status == 503);
    assertThat(scene.listener.error).isEqualTo(why.name().toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLOSED_IN_RESPONSE", "CONTENT_MALFORMED", "CONTENT_TIMEOUT"})
  void aResponseThatBreaksOffIsAborted(UpstreamFailure why) {
    scene.begin(GET);
    upstream.open().respond(OK).send(scene.buffers.of("he")).fail(why);
    assertThat(client.aborts).isEqualTo(1);
    assertThat(scene.listener.status).isEqualTo(200);
    assertThat(scene.listener.error).isNotEmpty();
  }

  @Nested
  class AClientThatLeaves {
    @Test
    void whileNoServerIsThereLeavesNothing() {
      Exchange exchange = scene.begin(UPLOAD);
      exchange.requestData(scene.buffers.of("01234"));
      exchange.clientGone();
      assertThat(scene.listener.status).isEqualTo(499);
      assertThat(scene.listener.error).isEqualTo("client_closed");
      assertThat(upstream.open().cancelled).isTrue();
      assertThat(scene.listener.attempts).isEmpty();
    }

    @Test
    void isNotToldThatNoServerCouldBeHad() {
      Exchange exchange = scene.begin(GET);
      exchange.clientGone();
      upstream.refuse(UpstreamFailure.CONNECT_FAILED);
      assertThat(client.heads).isZero();
      assertThat(scene.listener.attempts).isEmpty();
    }

    @Test
    void beforeTheResponseCancelsTheServer() {
      Exchange exchange = scene.begin(GET);
      ScriptedStream server = upstream.open();
      exchange.clientGone();
      assertThat(server.cancelled).isTrue();
      assertThat(scene.listener.status).isEqualTo(499);
    }

    @Test
    void inTheResponseKeepsItsStatus() {
      Exchange exchange = scene.begin(GET);
      ScriptedStream server = upstream.open();
      server.respond(OK).send(scene.buffers.of("he"));
      exchange.clientGone();
      assertThat(server.cancelled).isTrue();
      assertThat(scene.listener.status).isEqualTo(200);
      assertThat(scene.listener.error).isEqualTo("client_closed");
      assertThat(scene.listener.responseBytes).isEqualTo(2);
    }

    @Test
    void afterTheEndChangesNothing() {
      Exchange exchange = scene.begin(GET);
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      exchange.clientGone();
      exchange.requestBroken(Failure.REQUEST_TIMEOUT);
      assertThat(scene.listener.status).isEqualTo(204);
      assertThat(scene.listener.error).isEmpty();
    }
  }

  @Nested
  class TheRoutesTimeout {
    @Test
    void answersAndLetsTheServerGo() {
      scene.timeout = Optional.of(Duration.ofSeconds(3));
      scene.begin(GET);
      ScriptedStream server = upstream.open();
      loop.pass(Duration.ofMillis(2900));
      assertThat(client.heads).isZero();
      loop.pass(Duration.ofMillis(200));
      assertThat(client.status).isEqualTo(504);
      assertThat(server.cancelled).isTrue();
      assertThat(scene.listener.attempts).containsExactly("app 10.0.0.1:80 route_timeout");
    }

    @Test
    void abortsAResponseThatHasBegun() {
      scene.timeout = Optional.of(Duration.ofSeconds(3));
      scene.begin(GET);
      ScriptedStream server = upstream.open();
      server.respond(OK);
      loop.pass(Duration.ofMillis(3100));
      assertThat(client.aborts).isEqualTo(1);
      assertThat(server.cancelled).isTrue();
    }

    @Test
    void isForgottenWithTheEnd() {
      scene.timeout = Optional.of(Duration.ofSeconds(3));
      scene.begin(GET);
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      loop.pass(Duration.ofSeconds(4));
      assertThat(scene.listener.error).isEmpty();
    }
  }
}

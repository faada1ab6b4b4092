package io.lockgate.exchange;

import static io.lockgate.exchange.Scene.GET;
import static io.lockgate.exchange.Scene.OK;
import static io.lockgate.exchange.Scene.UPLOAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.RouteConfig;
import io.lockgate.loop.ManualLoop;
import io.lockgate.route.TestHeads;
import io.lockgate.upstream.UpstreamFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a request is sent again, and what of it. */
class ExchangeRetryTest {
  private final Scene scene = new Scene(new ManualLoop());
  private final RecordingClientStream client = scene.client;
  private final ScriptedUpstream upstream = scene.upstream;

  @AfterEach
  void leavesNothingBehind() {
    scene.leavesNothingBehind();
  }

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
    scene.loop.pass(Duration.ofMillis(1200));
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
    scene.loop.pass(Duration.ofMillis(1200));
    assertThat(slow.cancelled).isTrue();
    upstream.open().respond("HTTP/1.1 204 No Content||").end();
    assertThat(client.status).isEqualTo(204);
  }

  @Test
  void isNotForASlowServerThatMayHaveActed() {
    upstream.perTryNanos = Duration.ofSeconds(1).toNanos();
    scene.begin("POST / HTTP/1.1|Host: a||");
    upstream.open();
    scene.loop.pass(Duration.ofMillis(1200));
    assertThat(client.status).isEqualTo(504);
    assertThat(scene.listener.error).isEqualTo("try_timeout");
  }

  @Test
  void isNotForAServerThatHasBegunToAnswer() {
    upstream.perTryNanos = Duration.ofSeconds(1).toNanos();
    scene.begin(GET);
    ScriptedStream server = upstream.open().respond(OK);
    scene.loop.pass(Duration.ofSeconds(3));
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

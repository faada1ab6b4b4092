package io.lockgate.exchange;

import static io.lockgate.exchange.Scene.GET;
import static io.lockgate.exchange.Scene.OK;
import static io.lockgate.exchange.Scene.UPLOAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.loop.ManualLoop;
import io.lockgate.upstream.UpstreamFailure;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges that come to another end than a whole response. */
class ExchangeFailureTest {
  private final Scene scene = new Scene(new ManualLoop());
  private final RecordingClientStream client = scene.client;
  private final ScriptedUpstream upstream = scene.upstream;

  @AfterEach
  void leavesNothingBehind() {
    scene.leavesNothingBehind();
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
      scene.loop.pass(Duration.ofMillis(2900));
      assertThat(client.heads).isZero();
      scene.loop.pass(Duration.ofMillis(200));
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
      scene.loop.pass(Duration.ofMillis(3100));
      assertThat(client.aborts).isEqualTo(1);
      assertThat(server.cancelled).isTrue();
    }

    @Test
    void isForgottenWithTheEnd() {
      scene.timeout = Optional.of(Duration.ofSeconds(3));
      scene.begin(GET);
      upstream.open().respond("HTTP/1.1 204 No Content||").end();
      scene.loop.pass(Duration.ofSeconds(4));
      assertThat(scene.listener.error).isEmpty();
    }
  }
}

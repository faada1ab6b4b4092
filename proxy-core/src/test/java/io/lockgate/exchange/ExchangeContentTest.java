package io.lockgate.exchange;

import static io.lockgate.exchange.Scene.CHUNKED;
import static io.lockgate.exchange.Scene.GET;
import static io.lockgate.exchange.Scene.OK;
import static io.lockgate.exchange.Scene.UPLOAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.loop.ManualLoop;
import io.lockgate.route.TestHeads;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Content of requests and responses: how fast it passes, and how much of it may. */
class ExchangeContentTest {
  private final Scene scene = new Scene(new ManualLoop());
  private final RecordingClientStream client = scene.client;
  private final ScriptedUpstream upstream = scene.upstream;

  @AfterEach
  void leavesNothingBehind() {
    scene.leavesNothingBehind();
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
}

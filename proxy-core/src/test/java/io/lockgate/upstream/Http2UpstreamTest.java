package io.lockgate.upstream;

import static io.lockgate.upstream.Http2Peer.CANCEL;
import static io.lockgate.upstream.Http2Peer.DATA;
import static io.lockgate.upstream.Http2Peer.INITIAL_WINDOW;
import static io.lockgate.upstream.Http2Peer.MAX_STREAMS;
import static io.lockgate.upstream.Http2Peer.RESET;
import static io.lockgate.upstream.UpstreamScene.LONG;
import static io.lockgate.upstream.UpstreamScene.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.http.FieldSection;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.upstream.Http2Peer.Frame;
import io.lockgate.upstream.UpstreamScene.Http2Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests over HTTP/2 connections to servers on loopback. */
class Http2UpstreamTest {
  private final UpstreamScene scene = new UpstreamScene();
  private final TestLoops loops = scene.loops;
  private final CountDownLatch latch = scene.latch;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @Nested
  class OneConnection {
    @Test
    void carriesManyRequestsAtATime() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                List<Integer> streams = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                  streams.add(h2.request().stream());
                }
                for (int i = 9; i >= 0; i--) {
                  h2.ok(streams.get(i));
                }
                h2.answerAll();
              });
      UpstreamPool pool = scene.http2Pool(origin);
      List<TestRequest> requests =
          IntStream.range(0, 10).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
      assertThat(origin.connections()).isEqualTo(1);
      loops.awaitRest(pool, 1);
    }

    @Test
    void carriesNoMoreThanTheServerAllows() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer, MAX_STREAMS, 2);
                Frame first = h2.request();
                Frame second = h2.request();
                peer.await(latch);
                h2.ok(first.stream()).ok(second.stream());
                h2.answerAll();
              });
      UpstreamPool pool = scene.http2Pool(origin);
      List<TestRequest> requests =
          IntStream.range(0, 4).mapToObj(i -> loops.send(pool, "GET")).toList();
      Patience.until("a second connection", origin::connections, Integer.valueOf(2)::equals);
      latch.countDown();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
      assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void isWaitedForWhereNoOtherMayBeOpened() throws IOException {
      ScriptedOrigin origin =
          scene.playing(peer -> Http2Peer.greet(peer, MAX_STREAMS, 1).answerAll());
      UpstreamPool pool = scene.http2Pool(s -> s.bounds(1, 100), origin);
      List<TestRequest> requests =
          IntStream.range(0, 5).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
      assertThat(origin.connections()).isEqualTo(1);
      loops.awaitRest(pool, 1);
    }

    @Test
    void endsAfterAsManyRequestsAsConfigured() throws IOException {
      ScriptedOrigin origin = scene.playing(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool pool = scene.http2Pool(s -> s.requestsEach(2), origin);
      for (int i = 0; i < 4; i++) {
        assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      }
      loops.awaitRest(pool, 0);
      assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void endsWhenNobodyUsesIt() throws IOException {
      ScriptedOrigin origin = scene.playing(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool pool = scene.http2Pool(s -> s.waitingFor(LONG, LONG, SHORT), origin);
      loops.get(pool);
      loops.awaitRest(pool, 0);
    }

    @Test
    void outlivesARequestThatIsGivenUp() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                h2.request();
                seen.add("reset " + h2.next(RESET).number(0));
                h2.answerAll();
              });
      UpstreamPool pool = scene.http2Pool(origin);
      loops.send(pool, "GET").awaitOpened().onLoop(UpstreamStream::cancel);
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(seen).containsExactly("reset " + CANCEL);
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  /** Frames of streams that are over: late ones are common, and none may become an answer. */
  @Nested
  class AStreamThatIsOver {
    static Stream<Arguments> endings() {
      return Stream.of(
          late("content behind its end", (p, s) -> p.ok(s).data(s, true, "evil"), "200 ok"),
          late(
              "a second head behind its end",
              (p, s) -> p.ok(s).headers(s, true, ":status", "500"),
              "200 ok"),
          late("a reset behind its end", (p, s) -> p.ok(s).reset(s, CANCEL), "200 ok"),
          late("a window behind its end", (p, s) -> p.ok(s).window(s, 10), "200 ok"),
          late(
              "content behind its reset",
              (p, s) ->
                  p.headers(s, false, ":status", "200").reset(s, CANCEL).data(s, true, "evil"),
              "CLOSED_IN_RESPONSE"),
          late(
              "a head behind its reset",
              (p, s) -> p.reset(s, CANCEL).headers(s, true, ":status", "200"),
              "CLOSED_BEFORE_RESPONSE"),
          late(
              "two resets",
              (p, s) -> p.reset(s, CANCEL).reset(s, CANCEL),
              "CLOSED_BEFORE_RESPONSE"));
    }

    private static Arguments late(String name, Http2Answer answer, String outcome) {
      return Arguments.of(name, answer, outcome);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void saysNothingMore(String what, Http2Answer answer, String outcome) throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                if (peer.number() == 1) {
                  answer.to(h2, h2.request().stream());
                }
                h2.answerAll();
              });
      UpstreamPool pool = scene.http2Pool(origin);
      TestRequest first = loops.get(pool);
      assertThat(first.outcome()).isEqualTo(outcome);
      assertThat(loops.get(pool).outcome()).isIn("200 ok", "CLOSED_BEFORE_RESPONSE");
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(first.toldAfterTheEnd()).isFalse();
      loops.awaitRest(pool, 1);
    }

    /** What nobody takes any more must not use up the window of all others. */
    @Test
    void mayBeSentMoreThanTheWindowOfItsConnection() throws IOException {
      String chunk = "x".repeat(16_000);
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                int stream = h2.request().stream();
                h2.headers(stream, false, ":status", "200");
                h2.next(RESET);
                int room = 60_000; // less than the window of a stream, which binds the sender
                for (int i = 0; i < 40; i++) {
                  int over = h2.request().stream();
                  h2.headers(over, false, ":status", "200");
                  h2.next(RESET);
                  for (int sent = 0; sent < room; sent += chunk.length()) {
                    h2.data(over, false, chunk);
                  }
                }
                h2.answerAll();
              });
      UpstreamPool pool = scene.http2Pool(origin);
      for (int i = 0; i < 41; i++) {
        loops.send(pool, "GET").awaitHead().onLoop(UpstreamStream::cancel);
      }
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(origin.connections()).isEqualTo(1);
      loops.awaitRest(pool, 1);
    }
  }

  @Nested
  class ARequest {
    @Test
    void hasItsContentHeldToTheServersWindow() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer, INITIAL_WINDOW, 4);
                int stream = h2.request().stream();
                seen.add(h2.next(DATA).text());
                h2.window(stream, 100);
                StringBuilder rest = new StringBuilder();
                Frame frame;
                do {
                  frame = h2.next(DATA);
                  rest.append(frame.text());
                } while (!frame.end());
                seen.add(rest.toString());
                h2.ok(stream);
                h2.codeOfGoAway();
              });
      TestRequest request = loops.send(scene.http2Pool(origin), "PUT").awaitOpened();
      request.onLoop(
          stream -> {
            stream.sendData(TestRequest.buffer("123456789"));
            stream.sendEnd(new FieldSection());
          });
      assertThat(request.outcome()).isEqualTo("200 ok");
      assertThat(seen).containsExactly("1234", "56789");
    }

    @Test
    void canEndInTrailers() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                Frame head = h2.request();
                h2.decode(head);
                Frame trailers = h2.request();
                seen.add(h2.decode(trailers).get("x-sum") + " " + trailers.end());
                h2.ok(head.stream());
                h2.codeOfGoAway();
              });
      TestRequest request = loops.send(scene.http2Pool(origin), "PUT").awaitOpened();
      request.onLoop(
          stream -> {
            FieldSection trailers = new FieldSection();
            trailers.append("X-Sum", "7");
            stream.sendData(TestRequest.buffer("123"));
            stream.sendEnd(trailers);
          });
      assertThat(request.outcome()).isEqualTo("200 ok");
      assertThat(seen).containsExactly("7 true");
    }

    @Test
    void isAbandonedWhereTheServerAnswersBeforeItsEnd() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                h2.ok(h2.request().stream());
                seen.add("reset " + h2.next(RESET).number(0));
                h2.answerAll();
              });
      UpstreamPool pool = scene.http2Pool(origin);
      assertThat(loops.send(pool, "PUT").outcome()).isEqualTo("200 ok");
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(seen).containsExactly("reset " + CANCEL);
    }
  }

  /** The head is of 166 octets, as SETTINGS_MAX_HEADER_LIST_SIZE counts them. */
  @ParameterizedTest
  @CsvSource({"166, 200 ok", "165, HEAD_TOO_LARGE"})
  void aHeadIsSentToAServerThatTakesOneOfItsSizeOnly(int most, String outcome) throws IOException {
    ScriptedOrigin origin = scene.playing(peer -> Http2Peer.greet(peer, 6, most).answerAll());
    UpstreamPool pool = scene.http2Pool(origin);
    assertThat(loops.get(pool).outcome()).isEqualTo(outcome);
    assertThat(loops.get(pool).outcome()).isEqualTo(outcome);
    loops.awaitRest(pool, 1);
    assertThat(origin.connections()).as("the connection is as good as before").isEqualTo(1);
  }
}

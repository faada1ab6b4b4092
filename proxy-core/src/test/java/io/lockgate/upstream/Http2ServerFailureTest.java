package io.lockgate.upstream;

import static io.lockgate.upstream.Http2Peer.REFUSED;
import static io.lockgate.upstream.UpstreamScene.LONG;
import static io.lockgate.upstream.UpstreamScene.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.upstream.UpstreamScene.Http2Answer;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.MethodSource;

/** Servers of HTTP/2 that take no more requests, do harm, or speak another protocol. */
class Http2ServerFailureTest {
  private final UpstreamScene scene = new UpstreamScene();
  private final TestLoops loops = scene.loops;
  private final CountDownLatch latch = scene.latch;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @Nested
  class AServerThatTakesNoMore {
    @Test
    void hasWhatItBeganFinished() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                if (peer.number() == 1) {
                  int first = h2.request().stream();
                  h2.request();
                  h2.goAway(first, 0).ok(first);
                  h2.codeOfGoAway();
                } else {
                  h2.answerAll();
                }
              });
      UpstreamPool pool = scene.http2Pool(origin);
      TestRequest first = loops.send(pool, "GET").awaitOpened();
      TestRequest second = loops.send(pool, "GET");
      assertThat(first.outcome()).isEqualTo("200 ok");
      assertThat(second.outcome()).isEqualTo("CONNECTION_ENDING");
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 1);
      assertThat(origin.connections()).isEqualTo(2);
    }

    /** The first GOAWAY of a graceful end names no stream, since more may be on their way. */
    @Test
    void isAskedForNothingMoreThoughItWouldStillAnswer() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                if (peer.number() == 1) {
                  int first = h2.request().stream();
                  h2.goAway(Integer.MAX_VALUE, 0).headers(first, false, ":status", "200");
                  peer.await(latch);
                  h2.data(first, true, "ok");
                  h2.codeOfGoAway();
                } else {
                  h2.answerAll();
                }
              });
      UpstreamPool pool = scene.http2Pool(origin);
      TestRequest underWay = loops.send(pool, "GET").awaitHead();
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(origin.connections()).isEqualTo(2);
      latch.countDown();
      assertThat(underWay.outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 1);
    }

    @Test
    void tellsWhetherItBegan() throws IOException {
      assertThat(scene.outcomeOf((peer, stream) -> peer.reset(stream, REFUSED)))
          .isEqualTo("REFUSED_STREAM");
      assertThat(scene.outcomeOf((peer, stream) -> peer.reset(stream, 2)))
          .isEqualTo("CLOSED_BEFORE_RESPONSE");
      assertThat(
              scene.outcomeOf(
                  (peer, stream) -> peer.headers(stream, false, ":status", "200").reset(stream, 7)))
          .isEqualTo("CLOSED_IN_RESPONSE");
    }

    @Test
    void mayCloseWithoutAWord() throws IOException {
      assertThat(scene.outcomeOf((peer, stream) -> peer.peer().close()))
          .isEqualTo("CLOSED_BEFORE_RESPONSE");
      assertThat(
              scene.outcomeOf(
                  (peer, stream) -> peer.headers(stream, false, ":status", "200").peer().close()))
          .isEqualTo("CLOSED_IN_RESPONSE");
    }
  }

  @Nested
  class AHostileServer {
    static Stream<Arguments> offences() {
      return Stream.of(
          offence("pings without end", (p, s) -> repeat(500, () -> p.send(6, 0, 0, new byte[8]))),
          offence("settings without end", (p, s) -> repeat(500, p::settings)),
          offence(
              "unknown frames without end",
              (p, s) -> repeat(500, () -> p.send(0xbf, 0, 0, new byte[8]))),
          offence(
              "priorities without end",
              (p, s) -> repeat(500, () -> p.send(2, 0, s, new byte[] {0, 0, 0, 0, 16}))),
          offence(
              "empty content without end",
              (p, s) -> {
                p.headers(s, false, ":status", "200");
                repeat(500, () -> p.data(s, false, ""));
              }),
          offence(
              "content octet by octet without end",
              (p, s) -> {
                p.headers(s, false, ":status", "200");
                p.many(30_000, 0, 0, s, (byte) 'x');
              }),
          offence(
              "window updates without end", (p, s) -> p.many(5_000, 8, 0, s, Http2Peer.numbers(1))),
          offence(
              "a header block without end",
              (p, s) -> {
                p.send(1, 0, s, Http2Peer.block(":status", "200"));
                repeat(500, () -> p.send(9, 0, s, Http2Peer.block("a", "b")));
              }),
          offence(
              "a header block larger than allowed",
              (p, s) -> {
                p.send(1, 0, s, Http2Peer.block(":status", "200"));
                String[] large = {"a", "v".repeat(120)};
                repeat(2000, () -> p.send(9, 0, s, Http2Peer.block(large)));
              }),
          offence("a push", (p, s) -> p.send(5, 4, s, push())),
          offence("a response to nothing", (p, s) -> p.headers(2, true, ":status", "200")),
          offence("a response to the future", (p, s) -> p.headers(99, true, ":status", "200")),
          offence("content of nothing", (p, s) -> p.data(99, true, "x")),
          offence(
              "a window beyond all bounds",
              (p, s) -> p.window(0, Integer.MAX_VALUE).window(0, Integer.MAX_VALUE)),
          offence("settings of an impossible window", (p, s) -> p.settings(4, -1)),
          offence("a broken header block", (p, s) -> p.send(1, 4, s, (byte) 0xff, (byte) 0xff)),
          offence("a frame that is too large", (p, s) -> p.send(0, 0, s, new byte[70_000])),
          offence("a GOAWAY that takes back", (p, s) -> p.goAway(s, 0).goAway(s + 2, 0)));
    }

    private static Arguments offence(String name, Http2Answer answer) {
      return Arguments.of(name, answer);
    }

    private static byte[] push() {
      byte[] block = Http2Peer.block(":method", "GET");
      byte[] payload = new byte[4 + block.length];
      payload[3] = 2;
      System.arraycopy(block, 0, payload, 4, block.length);
      return payload;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offences")
    void losesItsConnectionAndNobodyElseNotices(String what, Http2Answer offence)
        throws IOException {
      ScriptedOrigin hostile =
          scene.playing(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                int stream = h2.request().stream();
                try {
                  offence.to(h2, stream);
                  h2.codeOfGoAway();
                } finally {
                  seen.add("closed");
                }
              });
      ScriptedOrigin good = scene.playing(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool evil = scene.http2Pool(hostile);
      UpstreamPool other = scene.http2Pool(good);
      TestRequest request = loops.get(evil);
      assertThat(request.outcome()).endsWith("MALFORMED");
      assertThat(request.offence()).as("counted with a reason").isNotEmpty();
      Patience.until("the connection ends", () -> seen, List.of("closed")::equals);
      assertThat(loops.get(other).outcome()).isEqualTo("200 ok");
      loops.awaitRest(evil, 0);
      loops.awaitRest(other, 1);
    }

    private static void repeat(int times, Write write) throws IOException {
      for (int i = 0; i < times; i++) {
        write.write();
      }
    }

    private interface Write {
      void write() throws IOException;
    }
  }

  @Nested
  class AServerThatDoesNotSpeakHttp2 {
    @Test
    void isSentNoRequest() throws IOException {
      ScriptedOrigin origin =
          scene.playing(peer -> peer.write("HTTP/1.1 400 Bad Request\r\n\r\n").readUntilClosed());
      UpstreamPool pool = scene.http2Pool(origin);
      assertThat(loops.get(pool).outcome()).isEqualTo("WRONG_PROTOCOL");
      assertThat(pool.figures().get(0).error())
          .startsWith("wrong_protocol: the server does not speak HTTP/2");
      loops.awaitRest(pool, 0);
    }

    @Test
    void isNotWaitedForLongerThanConnectingMayTake() throws IOException {
      ScriptedOrigin origin = scene.playing(peer -> peer.await(latch));
      UpstreamPool pool = scene.http2Pool(s -> s.waitingFor(SHORT, LONG, LONG), origin);
      List<TestRequest> requests =
          IntStream.range(0, 3).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("CONNECT_TIMEOUT");
      loops.awaitRest(pool, 0);
    }

    @Test
    void isPassedOverForOneThatDoes() throws IOException {
      ScriptedOrigin bad = scene.playing(ScriptedOrigin.Peer::close);
      ScriptedOrigin good = scene.playing(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool pool = scene.http2Pool(bad, good);
      List<TestRequest> requests =
          IntStream.range(0, 6).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
    }
  }
}

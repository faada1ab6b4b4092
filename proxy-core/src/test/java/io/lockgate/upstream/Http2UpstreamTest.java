package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.http.FieldSection;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.upstream.Http2Peer.Frame;
import io.lockgate.upstream.TestLoops.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 towards servers that do whatever a test wants them to, on loopback. */
class Http2UpstreamTest {
  private static final int DATA = 0;
  private static final int RESET = 3;
  private static final int WINDOW_UPDATE = 8;
  private static final int MAX_STREAMS = 3;
  private static final int INITIAL_WINDOW = 4;
  private static final int REFUSED = 7;
  private static final int CANCEL = 8;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final TestLoops loops = new TestLoops();
  private final List<ScriptedOrigin> origins = new ArrayList<>();
  private final CountDownLatch latch = new CountDownLatch(1);
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    latch.countDown();
    loops.close();
    for (ScriptedOrigin origin : origins) {
      origin.close();
    }
  }

  private ScriptedOrigin origin(ScriptedOrigin.Script script) throws IOException {
    ScriptedOrigin origin = ScriptedOrigin.playing(script);
    origins.add(origin);
    return origin;
  }

  private UpstreamPool pool(ScriptedOrigin... servers) {
    return pool(settings -> settings, servers);
  }

  private UpstreamPool pool(UnaryOperator<Settings> how, ScriptedOrigin... servers) {
    return loops.pool(
        Protocol.H2,
        how,
        Optional.empty(),
        Stream.of(servers).map(ScriptedOrigin::address).toArray(String[]::new));
  }

  /** What becomes of a GET that is answered so. */
  private String outcomeOf(Answer answer) throws IOException {
    ScriptedOrigin origin =
        origin(
            peer -> {
              Http2Peer h2 = Http2Peer.greet(peer);
              answer.to(h2, h2.request().stream());
              h2.codeOfGoAway();
            });
    return loops.get(pool(origin)).outcome();
  }

  private interface Answer {
    void to(Http2Peer peer, int stream) throws IOException;
  }

  @Nested
  class OneConnection {
    @Test
    void carriesManyRequestsAtATime() throws IOException {
      ScriptedOrigin origin =
          origin(
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
      UpstreamPool pool = pool(origin);
      List<TestRequest> requests =
          IntStream.range(0, 10).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
      assertThat(origin.connections()).isEqualTo(1);
      loops.awaitRest(pool, 1);
    }

    @Test
    void carriesNoMoreThanTheServerAllows() throws IOException {
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer, MAX_STREAMS, 2);
                Frame first = h2.request();
                Frame second = h2.request();
                peer.await(latch);
                h2.ok(first.stream()).ok(second.stream());
                h2.answerAll();
              });
      UpstreamPool pool = pool(origin);
      List<TestRequest> requests =
          IntStream.range(0, 4).mapToObj(i -> loops.send(pool, "GET")).toList();
      Patience.until("a second connection", origin::connections, Integer.valueOf(2)::equals);
      latch.countDown();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
      assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void isWaitedForWhereNoOtherMayBeOpened() throws IOException {
      ScriptedOrigin origin = origin(peer -> Http2Peer.greet(peer, MAX_STREAMS, 1).answerAll());
      UpstreamPool pool = pool(s -> s.bounds(1, 100), origin);
      List<TestRequest> requests =
          IntStream.range(0, 5).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
      assertThat(origin.connections()).isEqualTo(1);
      loops.awaitRest(pool, 1);
    }

    @Test
    void endsAfterAsManyRequestsAsConfigured() throws IOException {
      ScriptedOrigin origin = origin(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool pool = pool(s -> s.requestsEach(2), origin);
      for (int i = 0; i < 4; i++) {
        assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      }
      loops.awaitRest(pool, 0);
      assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void endsWhenNobodyUsesIt() throws IOException {
      ScriptedOrigin origin = origin(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool pool = pool(s -> s.waitingFor(LONG, LONG, SHORT), origin);
      loops.get(pool);
      loops.awaitRest(pool, 0);
    }

    @Test
    void outlivesARequestThatIsGivenUp() throws IOException {
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                h2.request();
                seen.add("reset " + h2.next(RESET).number(0));
                h2.answerAll();
              });
      UpstreamPool pool = pool(origin);
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

    private static Arguments late(String name, Answer answer, String outcome) {
      return Arguments.of(name, answer, outcome);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void saysNothingMore(String what, Answer answer, String outcome) throws IOException {
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                if (peer.number() == 1) {
                  answer.to(h2, h2.request().stream());
                }
                h2.answerAll();
              });
      UpstreamPool pool = pool(origin);
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
          origin(
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
      UpstreamPool pool = pool(origin);
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
          origin(
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
      TestRequest request = loops.send(pool(origin), "PUT").awaitOpened();
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
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                Frame head = h2.request();
                h2.decode(head);
                Frame trailers = h2.request();
                seen.add(h2.decode(trailers).get("x-sum") + " " + trailers.end());
                h2.ok(head.stream());
                h2.codeOfGoAway();
              });
      TestRequest request = loops.send(pool(origin), "PUT").awaitOpened();
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
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                h2.ok(h2.request().stream());
                seen.add("reset " + h2.next(RESET).number(0));
                h2.answerAll();
              });
      UpstreamPool pool = pool(origin);
      assertThat(loops.send(pool, "PUT").outcome()).isEqualTo("200 ok");
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(seen).containsExactly("reset " + CANCEL);
    }
  }

  /** The head is of 166 octets, as SETTINGS_MAX_HEADER_LIST_SIZE counts them. */
  @ParameterizedTest
  @CsvSource({"166, 200 ok", "165, HEAD_TOO_LARGE"})
  void aHeadIsSentToAServerThatTakesOneOfItsSizeOnly(int most, String outcome) throws IOException {
    ScriptedOrigin origin = origin(peer -> Http2Peer.greet(peer, 6, most).answerAll());
    UpstreamPool pool = pool(origin);
    assertThat(loops.get(pool).outcome()).isEqualTo(outcome);
    assertThat(loops.get(pool).outcome()).isEqualTo(outcome);
    loops.awaitRest(pool, 1);
    assertThat(origin.connections()).as("the connection is as good as before").isEqualTo(1);
  }

  @Nested
  class AResponse {
    @Test
    void hasInterimOnesAndTrailers() throws IOException {
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                int stream = h2.request().stream();
                h2.headers(stream, false, ":status", "103")
                    .headers(stream, false, ":status", "200")
                    .data(stream, false, "ok")
                    .headers(stream, true, "grpc-status", "0");
                h2.codeOfGoAway();
              });
      TestRequest request = loops.get(pool(origin));
      assertThat(request.outcome()).isEqualTo("200 ok");
      assertThat(request.interim()).isEqualTo(1);
      assertThat(request.trailer()).isEqualTo("grpc-status=0");
    }

    @Test
    void mayHaveNoContentAtAll() throws IOException {
      assertThat(outcomeOf((peer, stream) -> peer.headers(stream, true, ":status", "200")))
          .isEqualTo("200 ");
    }

    @Test
    void isReadNoFasterThanItIsTaken() throws IOException {
      int window = 256 * 1024;
      String piece = "x".repeat(16 * 1024);
      CountDownLatch paused = new CountDownLatch(1);
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                int stream = h2.request().stream();
                h2.headers(stream, false, ":status", "200");
                Patience.until("nothing is taken", () -> paused.getCount() == 0);
                for (int i = 0; i < window / piece.length(); i++) {
                  h2.data(stream, false, piece);
                }
                Frame update;
                do {
                  update = h2.next(WINDOW_UPDATE);
                } while (update.stream() == 0);
                seen.add("opened");
                h2.data(stream, true, "end");
                h2.codeOfGoAway();
              });
      TestRequest request = loops.send(pool(origin), "GET").awaitOpened();
      request.onLoop(
          stream -> {
            stream.wantData(false);
            paused.countDown();
          });
      Patience.until("a window full", () -> request.received().length(), n -> n == window);
      assertThat(seen).isEmpty();
      request.onLoop(stream -> stream.wantData(true));
      assertThat(request.outcome()).endsWith("end");
      assertThat(seen).containsExactly("opened");
    }

    static Stream<Arguments> malformed() {
      return Stream.of(
          Arguments.of("no status", new String[] {"a", "b"}),
          Arguments.of("two statuses", new String[] {":status", "200", ":status", "200"}),
          Arguments.of("a late status", new String[] {"a", "b", ":status", "200"}),
          Arguments.of("a request's field", new String[] {":status", "200", ":path", "/"}),
          Arguments.of("a status of words", new String[] {":status", "abc"}),
          Arguments.of("upper case", new String[] {":status", "200", "Server", "x"}),
          Arguments.of("RFC 9113 8.2.2", new String[] {":status", "200", "connection", "close"}),
          Arguments.of(
              "RFC 9113 8.2.2", new String[] {":status", "200", "transfer-encoding", "chunked"}),
          Arguments.of("a line end", new String[] {":status", "200", "a", "b\r\nc: d"}),
          Arguments.of(
              "two lengths",
              new String[] {":status", "200", "content-length", "2", "content-length", "2"}),
          Arguments.of("RFC 9113 8.6", new String[] {":status", "101"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void thatBreaksARuleHarmsNoOther(String rule, String[] head) throws IOException {
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                h2.headers(h2.request().stream(), false, head);
                seen.add("reset " + h2.next(RESET).number(0));
                h2.answerAll();
              });
      UpstreamPool pool = pool(origin);
      TestRequest request = loops.get(pool);
      assertThat(request.outcome()).isEqualTo("RESPONSE_MALFORMED");
      assertThat(request.offence()).as("counted with a reason").isNotEmpty();
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(seen).containsExactly("reset 1");
      assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void mustHaveTheLengthItDeclares() throws IOException {
      String[] head = {":status", "200", "content-length", "3"};
      assertThat(outcomeOf((p, s) -> p.headers(s, false, head).data(s, true, "ok")))
          .isEqualTo("CONTENT_MALFORMED");
      assertThat(outcomeOf((p, s) -> p.headers(s, false, head).data(s, false, "okok")))
          .isEqualTo("CONTENT_MALFORMED");
      assertThat(outcomeOf((p, s) -> p.headers(s, false, head).headers(s, true, "a", "b")))
          .isEqualTo("CONTENT_MALFORMED");
    }

    @Test
    void mustNotHaveContentWhereItHasNone() throws IOException {
      assertThat(
              outcomeOf((p, s) -> p.headers(s, false, ":status", "204").data(s, false, "content")))
          .isEqualTo("CONTENT_MALFORMED");
    }

    @Test
    void mustNotBeginAfterTooManyInterimOnes() throws IOException {
      assertThat(
              outcomeOf(
                  (p, s) -> {
                    for (int i = 0; i < 20; i++) {
                      p.headers(s, false, ":status", "103");
                    }
                  }))
          .isEqualTo("RESPONSE_MALFORMED");
    }

    @Test
    void thatDoesNotComeIsNotWaitedFor() throws IOException {
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                h2.request();
                peer.await(latch);
              });
      UpstreamPool pool = pool(s -> s.waitingFor(LONG, SHORT, LONG), origin);
      assertThat(loops.get(pool).outcome()).isEqualTo("RESPONSE_TIMEOUT");
    }

    @Test
    void thatStopsIsNotWaitedFor() throws IOException {
      ScriptedOrigin origin =
          origin(
              peer -> {
                Http2Peer h2 = Http2Peer.greet(peer);
                h2.headers(h2.request().stream(), false, ":status", "200");
                peer.await(latch);
              });
      UpstreamPool pool = pool(s -> s.waitingFor(LONG, SHORT, LONG), origin);
      assertThat(loops.get(pool).outcome()).isEqualTo("CONTENT_TIMEOUT");
    }
  }

  @Nested
  class AServerThatTakesNoMore {
    @Test
    void hasWhatItBeganFinished() throws IOException {
      ScriptedOrigin origin =
          origin(
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
      UpstreamPool pool = pool(origin);
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
          origin(
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
      UpstreamPool pool = pool(origin);
      TestRequest underWay = loops.send(pool, "GET").awaitHead();
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(origin.connections()).isEqualTo(2);
      latch.countDown();
      assertThat(underWay.outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 1);
    }

    @Test
    void tellsWhetherItBegan() throws IOException {
      assertThat(outcomeOf((peer, stream) -> peer.reset(stream, REFUSED)))
          .isEqualTo("REFUSED_STREAM");
      assertThat(outcomeOf((peer, stream) -> peer.reset(stream, 2)))
          .isEqualTo("CLOSED_BEFORE_RESPONSE");
      assertThat(
              outcomeOf(
                  (peer, stream) -> peer.headers(stream, false, ":status", "200").reset(stream, 7)))
          .isEqualTo("CLOSED_IN_RESPONSE");
    }

    @Test
    void mayCloseWithoutAWord() throws IOException {
      assertThat(outcomeOf((peer, stream) -> peer.peer().close()))
          .isEqualTo("CLOSED_BEFORE_RESPONSE");
      assertThat(
              outcomeOf(
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

    private static Arguments offence(String name, Answer answer) {
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
    void losesItsConnectionAndNobodyElseNotices(String what, Answer offence) throws IOException {
      ScriptedOrigin hostile =
          origin(
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
      ScriptedOrigin good = origin(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool evil = pool(hostile);
      UpstreamPool other = pool(good);
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
          origin(peer -> peer.write("HTTP/1.1 400 Bad Request\r\n\r\n").readUntilClosed());
      UpstreamPool pool = pool(origin);
      assertThat(loops.get(pool).outcome()).isEqualTo("WRONG_PROTOCOL");
      assertThat(pool.figures().get(0).error())
          .startsWith("wrong_protocol: the server does not speak HTTP/2");
      loops.awaitRest(pool, 0);
    }

    @Test
    void isNotWaitedForLongerThanConnectingMayTake() throws IOException {
      ScriptedOrigin origin = origin(peer -> peer.await(latch));
      UpstreamPool pool = pool(s -> s.waitingFor(SHORT, LONG, LONG), origin);
      List<TestRequest> requests =
          IntStream.range(0, 3).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("CONNECT_TIMEOUT");
      loops.awaitRest(pool, 0);
    }

    @Test
    void isPassedOverForOneThatDoes() throws IOException {
      ScriptedOrigin bad = origin(ScriptedOrigin.Peer::close);
      ScriptedOrigin good = origin(peer -> Http2Peer.greet(peer).answerAll());
      UpstreamPool pool = pool(bad, good);
      List<TestRequest> requests =
          IntStream.range(0, 6).mapToObj(i -> loops.send(pool, "GET")).toList();
      assertThat(requests).extracting(TestRequest::outcome).containsOnly("200 ok");
    }
  }
}

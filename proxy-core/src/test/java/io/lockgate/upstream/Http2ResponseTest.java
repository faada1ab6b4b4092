package io.lockgate.upstream;

import static io.lockgate.upstream.Http2Peer.RESET;
import static io.lockgate.upstream.Http2Peer.WINDOW_UPDATE;
import static io.lockgate.upstream.UpstreamScene.LONG;
import static io.lockgate.upstream.UpstreamScene.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.upstream.Http2Peer.Frame;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses of servers that speak HTTP/2, whole ones and others. */
class Http2ResponseTest {
  private final UpstreamScene scene = new UpstreamScene();
  private final TestLoops loops = scene.loops;
  private final CountDownLatch latch = scene.latch;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @Test
  void hasInterimOnesAndTrailers() throws IOException {
    ScriptedOrigin origin =
        scene.playing(
            peer -> {
              Http2Peer h2 = Http2Peer.greet(peer);
              int stream = h2.request().stream();
              h2.headers(stream, false, ":status", "103")
                  .headers(stream, false, ":status", "200")
                  .data(stream, false, "ok")
                  .headers(stream, true, "grpc-status", "0");
              h2.codeOfGoAway();
            });
    TestRequest request = loops.get(scene.http2Pool(origin));
    assertThat(request.outcome()).isEqualTo("200 ok");
    assertThat(request.interim()).isEqualTo(1);
    assertThat(request.trailer()).isEqualTo("grpc-status=0");
  }

  @Test
  void mayHaveNoContentAtAll() throws IOException {
    assertThat(scene.outcomeOf((peer, stream) -> peer.headers(stream, true, ":status", "200")))
        .isEqualTo("200 ");
  }

  @Test
  void isReadNoFasterThanItIsTaken() throws IOException {
    int window = 256 * 1024;
    String piece = "x".repeat(16 * 1024);
    CountDownLatch paused = new CountDownLatch(1);
    ScriptedOrigin origin =
        scene.playing(
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
    TestRequest request = loops.send(scene.http2Pool(origin), "GET").awaitOpened();
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
        scene.playing(
            peer -> {
              Http2Peer h2 = Http2Peer.greet(peer);
              h2.headers(h2.request().stream(), false, head);
              seen.add("reset " + h2.next(RESET).number(0));
              h2.answerAll();
            });
    UpstreamPool pool = scene.http2Pool(origin);
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
    assertThat(scene.outcomeOf((p, s) -> p.headers(s, false, head).data(s, true, "ok")))
        .isEqualTo("CONTENT_MALFORMED");
    assertThat(scene.outcomeOf((p, s) -> p.headers(s, false, head).data(s, false, "okok")))
        .isEqualTo("CONTENT_MALFORMED");
    assertThat(scene.outcomeOf((p, s) -> p.headers(s, false, head).headers(s, true, "a", "b")))
        .isEqualTo("CONTENT_MALFORMED");
  }

  @Test
  void mustNotHaveContentWhereItHasNone() throws IOException {
    assertThat(
            scene.outcomeOf(
                (p, s) -> p.headers(s, false, ":status", "204").data(s, false, "content")))
        .isEqualTo("CONTENT_MALFORMED");
  }

  @Test
  void mustNotBeginAfterTooManyInterimOnes() throws IOException {
    assertThat(
            scene.outcomeOf(
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
        scene.playing(
            peer -> {
              Http2Peer h2 = Http2Peer.greet(peer);
              h2.request();
              peer.await(latch);
            });
    UpstreamPool pool = scene.http2Pool(s -> s.waitingFor(LONG, SHORT, LONG), origin);
    assertThat(loops.get(pool).outcome()).isEqualTo("RESPONSE_TIMEOUT");
  }

  @Test
  void thatStopsIsNotWaitedFor() throws IOException {
    ScriptedOrigin origin =
        scene.playing(
            peer -> {
              Http2Peer h2 = Http2Peer.greet(peer);
              h2.headers(h2.request().stream(), false, ":status", "200");
              peer.await(latch);
            });
    UpstreamPool pool = scene.http2Pool(s -> s.waitingFor(LONG, SHORT, LONG), origin);
    assertThat(loops.get(pool).outcome()).isEqualTo("CONTENT_TIMEOUT");
  }
}

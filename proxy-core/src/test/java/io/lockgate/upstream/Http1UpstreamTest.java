package io.lockgate.upstream;

import static io.lockgate.upstream.UpstreamScene.LONG;
import static io.lockgate.upstream.UpstreamScene.OK;
import static io.lockgate.upstream.UpstreamScene.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.http.FieldSection;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/1.1 towards servers that do whatever a test wants them to, on loopback. */
class Http1UpstreamTest {
  private final UpstreamScene scene = new UpstreamScene();
  private final TestLoops loops = scene.loops;
  private final CountDownLatch latch = scene.latch;

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @Nested
  class OctetsNobodyAskedFor {
    private static final String FORGED = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

    @Test
    void behindAResponseEndTheConnection() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                while (peer.hasRequest()) {
                  peer.write(peer.number() == 1 ? OK + FORGED : OK);
                }
              });
      UpstreamPool pool = loops.pool(origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 0);
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
    }

    /** The server forgets that HEAD asks for no content. */
    @Test
    void behindTheAnswerToHeadEndTheConnection() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                while (peer.hasRequest()) {
                  peer.write(peer.number() == 1 ? FORGED : OK);
                }
              });
      UpstreamPool pool = loops.pool(origin.address());
      assertThat(loops.send(pool, "HEAD").outcome()).isEqualTo("200 ");
      loops.awaitRest(pool, 0);
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
    }

    @Test
    void areNeverTheAnswerToARequestThatWaited() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                while (peer.hasRequest()) {
                  if (peer.number() == 1) {
                    peer.await(latch);
                  }
                  peer.write(peer.number() == 1 ? OK + FORGED : OK);
                }
              });
      UpstreamPool pool = loops.pool(s -> s.bounds(1, 10), origin.address());
      TestRequest first = loops.send(pool, "GET").awaitOpened();
      TestRequest second = loops.send(pool, "GET");
      Patience.until("one request waits", () -> pool.waiting() == 1);
      latch.countDown();
      assertThat(first.outcome()).isEqualTo("200 ok");
      assertThat(second.outcome()).isEqualTo("200 ok");
      assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void onAnIdleConnectionEndIt() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                peer.readRequest();
                peer.write(OK);
                peer.await(latch).write(FORGED).readUntilClosed();
              });
      UpstreamPool pool = loops.pool(origin.address());
      loops.get(pool);
      loops.awaitRest(pool, 1);
      latch.countDown();
      loops.awaitRest(pool, 0);
    }
  }

  @Nested
  class Responses {
    @ParameterizedTest
    @CsvSource({
      "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ok|3;x=y| ab|0||', 200 ok ab, 1",
      "'HTTP/1.1 200 OK|Content-Length: 0||',                           '200 ',    1",
      "'HTTP/1.1 204 No Content||',                                     '204 ',    1",
      "'HTTP/1.1 200 OK||until the end',                                200 until the end, 0",
      "'HTTP/1.0 200 OK||old',                                          200 old,   0",
      "'HTTP/1.1 200 OK|Content-Length: 9||short',            CLOSED_IN_RESPONSE,  0",
      "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|o',     CLOSED_IN_RESPONSE,  0",
      "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||zz|ok',   CONTENT_MALFORMED,   0",
      "'HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||ok', RESPONSE_MALFORMED, 0",
      "'SSH-2.0-OpenSSH|',                                    RESPONSE_MALFORMED,  0",
      "'HTTP/1.1 200',                                        CLOSED_BEFORE_RESPONSE, 0",
      "'',                                                    CLOSED_BEFORE_RESPONSE, 0"
    })
    void areReadByTheirFraming(String response, String outcome, int idle) throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                peer.readRequest();
                peer.write(response.replace("|", "\r\n"));
                if (idle == 1) {
                  peer.await(latch);
                }
              });
      UpstreamPool pool = loops.pool(origin.address());
      TestRequest request = loops.get(pool);
      assertThat(request.outcome()).isEqualTo(outcome);
      loops.awaitRest(pool, idle);
      assertThat(request.toldAfterTheEnd()).isFalse();
    }

    @Test
    void untilTheEndAreNotCompleteAfterAReset() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                peer.readRequest();
                peer.write("HTTP/1.1 200 OK\r\n\r\nhalf").await(latch).reset();
              });
      UpstreamPool pool = loops.pool(origin.address());
      TestRequest request = loops.send(pool, "GET");
      Patience.until("some content is there", () -> request.received().equals("half"));
      latch.countDown();
      assertThat(request.outcome()).isEqualTo("CLOSED_IN_RESPONSE");
      loops.awaitRest(pool, 0);
    }

    @Test
    void bringTheirTrailers() throws IOException {
      ScriptedOrigin origin =
          scene.answering(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nsum: 1\r\n\r\n");
      assertThat(loops.get(loops.pool(origin.address())).trailer()).isEqualTo("sum=1");
    }

    @ParameterizedTest
    @CsvSource({"16, 200 ok", "17, RESPONSE_MALFORMED"})
    void mayBePrecededBySomeInterimResponses(int interim, String outcome) throws IOException {
      ScriptedOrigin origin =
          scene.answering("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(interim) + OK);
      TestRequest request = loops.get(loops.pool(origin.address()));
      assertThat(request.outcome()).isEqualTo(outcome);
      assertThat(request.interim()).isEqualTo(16);
    }

    @Test
    void thatDoNotComeAreGivenUp() throws IOException {
      UpstreamPool pool =
          loops.pool(s -> s.waitingFor(LONG, SHORT, LONG), scene.holdingTheFirst().address());
      assertThat(loops.get(pool).outcome()).isEqualTo("RESPONSE_TIMEOUT");
      loops.awaitRest(pool, 0);
    }

    @Test
    void thatStopInTheMiddleAreGivenUp() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                peer.readRequest();
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await(latch);
              });
      UpstreamPool pool = loops.pool(s -> s.waitingFor(LONG, SHORT, LONG), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("CONTENT_TIMEOUT");
      loops.awaitRest(pool, 0);
    }

    @Test
    void areNotGivenUpWhileTheReceiverWantsNoMore() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                peer.readRequest();
                if (peer.number() == 1) {
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
                  peer.await(latch).write("lf");
                }
                peer.await(latch);
              });
      UpstreamPool pool = loops.pool(s -> s.waitingFor(LONG, SHORT, LONG), origin.address());
      TestRequest slow = loops.send(pool, "GET").awaitHead();
      slow.onLoop(stream -> stream.wantData(false));
      // As long as it takes until another request has had enough of the server.
      assertThat(loops.get(pool).outcome()).isEqualTo("RESPONSE_TIMEOUT");
      assertThat(loops.get(pool).outcome()).isEqualTo("RESPONSE_TIMEOUT");
      assertThat(slow.over()).isFalse();
      latch.countDown();
      slow.onLoop(stream -> stream.wantData(true));
      assertThat(slow.outcome()).isEqualTo("200 half");
    }
  }

  @Nested
  class Uploads {
    @Test
    void areSentAsTheyCome() throws IOException {
      ScriptedOrigin origin = scene.answering(OK);
      UpstreamPool pool = loops.pool(origin.address());
      TestRequest request = loops.send(pool, "PUT");
      request.onLoop(stream -> stream.sendData(TestRequest.buffer("hello")));
      request.onLoop(stream -> stream.sendData(TestRequest.buffer("x".repeat(5000))));
      request.onLoop(stream -> stream.sendEnd(new FieldSection()));
      assertThat(request.outcome()).isEqualTo("200 ok");
      assertThat(origin.received())
          .contains("5\r\nhello\r\n", "1388\r\n" + "x".repeat(5000) + "\r\n0\r\n\r\n");
      loops.awaitRest(pool, 1);
    }

    @Test
    void answeredEarlyEndTheConnection() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                peer.readHead();
                peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                peer.readUntilClosed();
              });
      UpstreamPool pool = loops.pool(origin.address());
      TestRequest request = loops.send(pool, "PUT");
      assertThat(request.outcome()).isEqualTo("403 no");
      loops.awaitRest(pool, 0);
    }

    @Test
    void thatTheServerDoesNotReadAreGivenUp() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              peer -> {
                peer.readHead();
                peer.await(latch);
              });
      UpstreamPool pool = loops.pool(s -> s.waitingFor(LONG, SHORT, LONG), origin.address());
      TestRequest request = loops.send(pool, "PUT");
      request.onLoop(
          stream -> {
            for (int i = 0; i < 400; i++) {
              stream.sendData(TestRequest.buffer("x".repeat(64 * 1024)));
            }
          });
      assertThat(request.outcome()).isEqualTo("RESPONSE_TIMEOUT");
      loops.awaitRest(pool, 0);
    }
  }
}

package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import io.lockgate.http.FieldSection;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pool on two event loops, against origins on loopback. */
class UpstreamPoolTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final TestLoops loops = new TestLoops();
  private final List<ScriptedOrigin> origins = new ArrayList<>();
  private final CountDownLatch latch = new CountDownLatch(1);

  @AfterEach
  void close() throws IOException {
    latch.countDown();
    loops.close();
    for (ScriptedOrigin origin : origins) {
      origin.close();
    }
  }

  private ScriptedOrigin answering(String response) throws IOException {
    return kept(ScriptedOrigin.answering(response));
  }

  private ScriptedOrigin playing(ScriptedOrigin.Script script) throws IOException {
    return kept(ScriptedOrigin.playing(script));
  }

  /** Answers like {@link #answering}, but the first request only when the test says so. */
  private ScriptedOrigin holdingTheFirst() throws IOException {
    return playing(
        peer -> {
          while (peer.hasRequest()) {
            if (peer.number() == 1) {
              peer.await(latch);
            }
            peer.write(OK);
          }
        });
  }

  private ScriptedOrigin kept(ScriptedOrigin origin) {
    origins.add(origin);
    return origin;
  }

  private static String refusing() throws IOException {
    ScriptedOrigin gone = ScriptedOrigin.answering(OK);
    gone.close();
    return gone.address();
  }

  @Nested
  class Connections {
    @Test
    void areUsedAgain() throws IOException {
      ScriptedOrigin origin = answering(OK);
      UpstreamPool pool = loops.pool(origin.address());
      for (int i = 0; i < 5; i++) {
        assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      }
      assertThat(origin.connections()).isEqualTo(1);
      loops.awaitRest(pool, 1);
      assertThat(pool.figures().get(0).requests()).isEqualTo(5);
    }

    @Test
    void endAfterAsManyRequestsAsConfigured() throws IOException {
      ScriptedOrigin origin = answering(OK);
      UpstreamPool pool = loops.pool(s -> s.requestsEach(2), origin.address());
      for (int i = 0; i < 4; i++) {
        loops.get(pool);
      }
      loops.awaitRest(pool, 0);
      assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void endWhenTheServerSaysSo() throws IOException {
      ScriptedOrigin origin =
          answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      UpstreamPool pool = loops.pool(origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 0);
    }

    @Test
    void endWhenNobodyUsesThem() throws IOException {
      ScriptedOrigin origin = answering(OK);
      UpstreamPool pool = loops.pool(s -> s.waitingFor(LONG, LONG, SHORT), origin.address());
      loops.get(pool);
      loops.awaitRest(pool, 0);
    }

    @Test
    void thatTheServerClosesAreForgotten() throws IOException {
      ScriptedOrigin origin =
          playing(
              peer -> {
                peer.readRequest();
                peer.write(OK);
              });
      UpstreamPool pool = loops.pool(origin.address());
      loops.get(pool);
      loops.awaitRest(pool, 0);
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
    }

    @Test
    void thatBreakOnTheirSecondRequestSayThatTheyWereUsed() throws IOException {
      ScriptedOrigin origin =
          playing(
              peer -> {
                peer.readRequest();
                peer.write(OK);
                peer.readRequest();
              });
      UpstreamPool pool = loops.pool(origin.address());
      loops.get(pool);
      List<Boolean> reused = new ArrayList<>();
      TestRequest second = loops.send(pool, "GET");
      second.onLoop(stream -> reused.add(stream.reused()));
      assertThat(second.outcome()).isEqualTo("CLOSED_BEFORE_RESPONSE");
      assertThat(reused).containsExactly(true);
      loops.awaitRest(pool, 0);
    }

    @Test
    void endWhenTheirRequestIsCancelled() throws IOException {
      ScriptedOrigin origin = holdingTheFirst();
      UpstreamPool pool = loops.pool(origin.address());
      TestRequest request = loops.send(pool, "GET").onLoop(UpstreamStream::cancel);
      loops.awaitRest(pool, 0);
      assertThat(request.over()).as("a cancelled request is told nothing").isFalse();
    }
  }

  @Nested
  class Balancing {
    @Test
    void followsTheWeights() throws IOException {
      ScriptedOrigin light = answering(OK);
      ScriptedOrigin heavy = answering(OK);
      UpstreamPool pool = loops.pool(light.address(), heavy.address() + "*3");
      var counts =
          IntStream.range(0, 8)
              .mapToObj(i -> loops.get(pool).server())
              .collect(Collectors.groupingBy(s -> s, Collectors.counting()));
      assertThat(counts).containsEntry(light.address(), 2L).containsEntry(heavy.address(), 6L);
    }

    @Test
    void goesOnToTheNextServerWhereOneRefuses() throws IOException {
      String refusing = refusing();
      ScriptedOrigin origin = answering(OK);
      UpstreamPool pool = loops.pool(refusing, origin.address());
      for (int i = 0; i < 6; i++) {
        assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      }
      assertThat(pool.figures().get(0).healthy()).isFalse();
      assertThat(pool.figures().get(1).healthy()).isTrue();
      loops.awaitRest(pool, 1);
    }

    @Test
    void staysWithOneServerWhereTheConfigurationForbidsOthers() throws IOException {
      UpstreamPool pool =
          loops.pool(
              s -> s.retry(1, 20, Condition.RESET_BEFORE_RESPONSE),
              refusing(),
              answering(OK).address());
      assertThat(loops.get(pool).outcome()).isEqualTo("CONNECT_FAILED");
      loops.awaitRest(pool, 0);
    }

    @Test
    void failsWhereAllServersRefuse() throws IOException {
      UpstreamPool pool = loops.pool(refusing(), refusing());
      assertThat(loops.get(pool).outcome()).isEqualTo("CONNECT_FAILED");
      loops.awaitRest(pool, 0);
    }

    @Test
    void usesAServerAgainThatHasComeBack() throws IOException {
      ScriptedOrigin gone = ScriptedOrigin.answering(OK);
      gone.close();
      UpstreamPool pool = loops.pool(gone.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("CONNECT_FAILED");
      kept(
          ScriptedOrigin.playingOn(
              gone.port(),
              peer -> {
                while (peer.hasRequest()) {
                  peer.write(OK);
                }
              }));
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(pool.figures().get(0).healthy()).isTrue();
    }
  }

  @Nested
  class AtTheBoundOfConnections {
    @Test
    void aRequestWaitsForAnothersConnection() throws IOException {
      ScriptedOrigin origin = holdingTheFirst();
      UpstreamPool pool = loops.pool(s -> s.bounds(1, 10), origin.address());
      TestRequest first = loops.send(pool, "GET").awaitOpened();
      TestRequest second = loops.send(pool, "GET");
      Patience.until("one request waits", () -> pool.waiting() == 1);
      latch.countDown();
      assertThat(first.outcome()).isEqualTo("200 ok");
      assertThat(second.outcome()).isEqualTo("200 ok");
      assertThat(origin.connections()).isEqualTo(1);
      loops.awaitRest(pool, 1);
    }

    @Test
    void aRequestIsServedWhenAPlaceBecomesFreeOnAnotherLoop() throws IOException {
      ScriptedOrigin origin = holdingTheFirst();
      UpstreamPool pool = loops.pool(s -> s.bounds(1, 10), origin.address());
      TestRequest first = loops.send(pool, 0, "GET").awaitOpened();
      TestRequest second = loops.send(pool, 1, "GET");
      Patience.until("one request waits", () -> pool.waiting() == 1);
      latch.countDown();
      assertThat(first.outcome()).isEqualTo("200 ok");
      assertThat(second.outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 1);
    }

    @Test
    void aBusyLoopDoesNotKeepAllPlacesToItself() throws IOException {
      CountDownLatch rest = new CountDownLatch(1);
      AtomicInteger served = new AtomicInteger();
      ScriptedOrigin origin =
          playing(
              peer -> {
                while (peer.hasRequest()) {
                  int number = served.incrementAndGet();
                  if (number == 1) {
                    peer.await(latch);
                  } else if (number > 50) {
                    peer.await(rest);
                  }
                  peer.write(OK);
                }
              });
      UpstreamPool pool = loops.pool(s -> s.bounds(1, 200), origin.address());
      List<TestRequest> busy = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        busy.add(loops.send(pool, 0, "GET"));
      }
      busy.get(0).awaitOpened();
      TestRequest other = loops.send(pool, 1, "GET");
      Patience.until("all others wait", () -> pool.waiting() == 100);
      latch.countDown();
      assertThat(other.outcome()).as("before half of the busy loop's").isEqualTo("200 ok");
      rest.countDown();
      busy.forEach(request -> assertThat(request.outcome()).isEqualTo("200 ok"));
      loops.awaitRest(pool, 1);
    }

    @Test
    void anIdleConnectionOfAnotherLoopMakesWay() throws IOException {
      ScriptedOrigin origin = answering(OK);
      UpstreamPool pool = loops.pool(s -> s.bounds(1, 10), origin.address());
      for (int i = 0; i < 6; i++) {
        assertThat(loops.send(pool, i % 2, "GET").outcome()).isEqualTo("200 ok");
      }
      loops.awaitRest(pool, 1);
      assertThat(origin.connections()).isEqualTo(6);
    }

    @Test
    void noMoreRequestsWaitThanMay() throws IOException {
      UpstreamPool pool = loops.pool(s -> s.bounds(1, 1), holdingTheFirst().address());
      TestRequest first = loops.send(pool, "GET").awaitOpened();
      TestRequest second = loops.send(pool, "GET");
      Patience.until("one request waits", () -> pool.waiting() == 1);
      assertThat(loops.send(pool, "GET").outcome()).isEqualTo("QUEUE_FULL");
      latch.countDown();
      assertThat(first.outcome()).isEqualTo("200 ok");
      assertThat(second.outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 1);
    }

    @Test
    void aRequestThatWasGivenUpTakesNoPlaceInTheQueue() throws IOException {
      UpstreamPool pool = loops.pool(s -> s.bounds(1, 1), holdingTheFirst().address());
      loops.send(pool, "GET").awaitOpened();
      TestRequest second = loops.send(pool, "GET");
      Patience.until("one request waits", () -> pool.waiting() == 1);
      second.giveUp();
      TestRequest third = loops.send(pool, "GET");
      loops.settle();
      latch.countDown();
      assertThat(third.outcome()).isEqualTo("200 ok");
      assertThat(second.over()).isFalse();
      loops.awaitRest(pool, 1);
    }

    @Test
    void aRequestDoesNotWaitForEver() throws IOException {
      UpstreamPool pool =
          loops.pool(
              s -> s.bounds(1, 1).waitingFor(Duration.ofSeconds(1), LONG, LONG),
              holdingTheFirst().address());
      TestRequest first = loops.send(pool, "GET").awaitOpened();
      assertThat(loops.send(pool, "GET").outcome()).isEqualTo("WAIT_TIMEOUT");
      assertThat(pool.waiting()).isZero();
      latch.countDown();
      assertThat(first.outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 1);
    }

    @Test
    void everyRequestOfManyOnAllLoopsComesToAnEnd() throws IOException {
      ScriptedOrigin origin = answering(OK);
      UpstreamPool pool = loops.pool(s -> s.bounds(3, 1000), origin.address());
      Random random = new Random(7);
      List<TestRequest> sent = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        TestRequest request = loops.send(pool, random.nextInt(2), "GET");
        if (random.nextInt(10) == 0) {
          request.giveUp();
        } else {
          sent.add(request);
        }
      }
      for (TestRequest request : sent) {
        assertThat(request.outcome()).isEqualTo("200 ok");
        assertThat(request.toldAfterTheEnd()).isFalse();
      }
      Patience.until(
          "nothing is left over",
          () -> {
            loops.settle();
            return pool.waiting() == 0
                && TestLoops.active(pool) == 0
                && TestLoops.idle(pool) == pool.open();
          });
      assertThat(pool.open()).isLessThanOrEqualTo(3);
    }
  }

  @Nested
  class OctetsNobodyAskedFor {
    private static final String FORGED = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

    @Test
    void behindAResponseEndTheConnection() throws IOException {
      ScriptedOrigin origin =
          playing(
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
          playing(
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
          playing(
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
          playing(
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
          playing(
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
          playing(
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
          answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nsum: 1\r\n\r\n");
      assertThat(loops.get(loops.pool(origin.address())).trailer()).isEqualTo("sum=1");
    }

    @ParameterizedTest
    @CsvSource({"16, 200 ok", "17, RESPONSE_MALFORMED"})
    void mayBePrecededBySomeInterimResponses(int interim, String outcome) throws IOException {
      ScriptedOrigin origin = answering("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(interim) + OK);
      TestRequest request = loops.get(loops.pool(origin.address()));
      assertThat(request.outcome()).isEqualTo(outcome);
      assertThat(request.interim()).isEqualTo(16);
    }

    @Test
    void thatDoNotComeAreGivenUp() throws IOException {
      UpstreamPool pool =
          loops.pool(s -> s.waitingFor(LONG, SHORT, LONG), holdingTheFirst().address());
      assertThat(loops.get(pool).outcome()).isEqualTo("RESPONSE_TIMEOUT");
      loops.awaitRest(pool, 0);
    }

    @Test
    void thatStopInTheMiddleAreGivenUp() throws IOException {
      ScriptedOrigin origin =
          playing(
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
          playing(
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
      ScriptedOrigin origin = answering(OK);
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
          playing(
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
          playing(
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

  @Nested
  class Retired {
    @Test
    void itKeepsNoConnectionButServesWhatStillComes() throws IOException {
      ScriptedOrigin origin = holdingTheFirst();
      UpstreamPool pool = loops.pool(origin.address());
      TestRequest first = loops.send(pool, 0, "GET").awaitOpened();
      assertThat(loops.send(pool, 1, "GET").outcome()).isEqualTo("200 ok");
      pool.retire();
      Patience.until("the idle connection is closed", () -> pool.open() == 1);
      latch.countDown();
      assertThat(first.outcome()).as("what was under way").isEqualTo("200 ok");
      loops.awaitRest(pool, 0);
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 0);
    }
  }

  @Nested
  class RetryBudget {
    private boolean taken(UpstreamPool pool) {
      return pool.takeRetry(loops.loop(0));
    }

    @Test
    void isAShareOfTheRequestsWithARoomForAStart() throws IOException {
      UpstreamPool pool = loops.pool(answering(OK).address());
      for (int i = 0; i < 32; i++) {
        assertThat(taken(pool)).isTrue();
      }
      assertThat(taken(pool)).isFalse();
      for (int i = 0; i < 5; i++) {
        loops.get(pool);
      }
      loops.settle();
      assertThat(taken(pool)).isTrue();
      assertThat(taken(pool)).isFalse();
    }

    @Test
    void ofNothingGrantsNothing() {
      UpstreamPool pool =
          loops.pool(s -> s.retry(1, 0, Condition.RESET_BEFORE_RESPONSE), "127.0.0.1:1");
      assertThat(taken(pool)).isFalse();
    }
  }
}

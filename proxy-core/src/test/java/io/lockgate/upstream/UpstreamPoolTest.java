package io.lockgate.upstream;

import static io.lockgate.upstream.UpstreamScene.LONG;
import static io.lockgate.upstream.UpstreamScene.OK;
import static io.lockgate.upstream.UpstreamScene.SHORT;
import static io.lockgate.upstream.UpstreamScene.refusing;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A pool on two event loops, against origins on loopback. */
class UpstreamPoolTest {
  private final UpstreamScene scene = new UpstreamScene();
  private final TestLoops loops = scene.loops;
  private final CountDownLatch latch = scene.latch;

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @Nested
  class Connections {
    @Test
    void areUsedAgain() throws IOException {
      ScriptedOrigin origin = scene.answering(OK);
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
      ScriptedOrigin origin = scene.answering(OK);
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
          scene.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      UpstreamPool pool = loops.pool(origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      loops.awaitRest(pool, 0);
    }

    @Test
    void endWhenNobodyUsesThem() throws IOException {
      ScriptedOrigin origin = scene.answering(OK);
      UpstreamPool pool = loops.pool(s -> s.waitingFor(LONG, LONG, SHORT), origin.address());
      loops.get(pool);
      loops.awaitRest(pool, 0);
    }

    @Test
    void thatTheServerClosesAreForgotten() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
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
          scene.playing(
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
      ScriptedOrigin origin = scene.holdingTheFirst();
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
      ScriptedOrigin light = scene.answering(OK);
      ScriptedOrigin heavy = scene.answering(OK);
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
      ScriptedOrigin origin = scene.answering(OK);
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
              scene.answering(OK).address());
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
      scene.kept(
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
  class Retired {
    @Test
    void itKeepsNoConnectionButServesWhatStillComes() throws IOException {
      ScriptedOrigin origin = scene.holdingTheFirst();
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
      UpstreamPool pool = loops.pool(scene.answering(OK).address());
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

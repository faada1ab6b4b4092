package io.lockgate.upstream;

import static io.lockgate.upstream.UpstreamScene.LONG;
import static io.lockgate.upstream.UpstreamScene.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests for which a pool has no connection left. */
class PoolBoundsTest {
  private final UpstreamScene scene = new UpstreamScene();
  private final TestLoops loops = scene.loops;
  private final CountDownLatch latch = scene.latch;

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @Test
  void aRequestWaitsForAnothersConnection() throws IOException {
    ScriptedOrigin origin = scene.holdingTheFirst();
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
    ScriptedOrigin origin = scene.holdingTheFirst();
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
        scene.playing(
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
    ScriptedOrigin origin = scene.answering(OK);
    UpstreamPool pool = loops.pool(s -> s.bounds(1, 10), origin.address());
    for (int i = 0; i < 6; i++) {
      assertThat(loops.send(pool, i % 2, "GET").outcome()).isEqualTo("200 ok");
    }
    loops.awaitRest(pool, 1);
    assertThat(origin.connections()).isEqualTo(6);
  }

  @Test
  void noMoreRequestsWaitThanMay() throws IOException {
    UpstreamPool pool = loops.pool(s -> s.bounds(1, 1), scene.holdingTheFirst().address());
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
    UpstreamPool pool = loops.pool(s -> s.bounds(1, 1), scene.holdingTheFirst().address());
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
            scene.holdingTheFirst().address());
    TestRequest first = loops.send(pool, "GET").awaitOpened();
    assertThat(loops.send(pool, "GET").outcome()).isEqualTo("WAIT_TIMEOUT");
    assertThat(pool.waiting()).isZero();
    latch.countDown();
    assertThat(first.outcome()).isEqualTo("200 ok");
    loops.awaitRest(pool, 1);
  }

  @Test
  void everyRequestOfManyOnAllLoopsComesToAnEnd() throws IOException {
    ScriptedOrigin origin = scene.answering(OK);
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

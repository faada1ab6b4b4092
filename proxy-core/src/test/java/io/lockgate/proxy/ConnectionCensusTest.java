package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.client.ClientLoop;
import io.lockgate.loop.Loops;
import io.lockgate.loop.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConnectionCensusTest {
  @Test
  void waitsOnceForAllLoopsThatDoNotTurn() {
    CountDownLatch held = new CountDownLatch(1);
    List<CompletableFuture<?>> awaited = new ArrayList<>();
    try (Loops loops = Loops.start(Transport.NIO, 2)) {
      loops.all().forEach(loop -> loop.executor().execute(() -> await(held)));
      List<ClientLoop> clients = loops.all().stream().map(loop -> new ClientLoop(null)).toList();

      assertThat(new ConnectionCensus(loops, clients, awaited::add).take()).isEmpty();
      assertThat(awaited).singleElement().satisfies(all -> assertThat(all).isNotDone());
      held.countDown();
      awaited.get(0).join();
    } finally {
      held.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

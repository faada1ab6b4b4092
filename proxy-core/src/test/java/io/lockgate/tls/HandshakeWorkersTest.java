package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandshakeWorkersTest {
  private final HandshakeWorkers workers = new HandshakeWorkers(1, 2);
  private final CountDownLatch held = new CountDownLatch(1);

  @AfterEach
  void close() {
    held.countDown();
    workers.close();
  }

  private void occupy() {
    workers.execute(
        () -> {
          try {
            held.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void workOnDaemonThreadsOfTheirOwn() {
    CompletableFuture<Thread> worked = new CompletableFuture<>();
    workers.execute(() -> worked.complete(Thread.currentThread()));
    assertThat(worked.join().getName()).isEqualTo("lockgate-handshake-1");
    assertThat(worked.join().isDaemon()).isTrue();
  }

  @Test
  void refuseAndCountWhatIsBeyondTheBound() {
    occupy();
    workers.execute(() -> {});
    workers.execute(() -> {});
    assertThat(workers.waiting()).isEqualTo(2);
    assertThatThrownBy(() -> workers.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(workers.refused()).isOne();
  }

  @Test
  void takeOtherWorkOnlyWhileHandshakesNeedNotWaitForIt() {
    occupy();
    workers.spare().execute(() -> {});
    assertThatThrownBy(() -> workers.spare().execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    workers.execute(() -> {});
    assertThat(workers.refused()).as("no handshake was").isZero();
  }

  @Test
  void refuseEverythingOnceTheyAreClosed() {
    workers.close();
    assertThatThrownBy(() -> workers.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}

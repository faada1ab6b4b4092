package io.lockgate.limit;

import static io.lockgate.limit.ConnectionCount.Verdict.ADMITTED;
import static io.lockgate.limit.ConnectionCount.Verdict.TOO_MANY;
import static io.lockgate.limit.ConnectionCount.Verdict.TOO_MANY_OF_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConnectionCountTest {
  private final ConnectionCount count = new ConnectionCount();
  private final InetAddress first = NetUtil.createInetAddressFromIpAddressString("192.0.2.1");
  private final InetAddress second = NetUtil.createInetAddressFromIpAddressString("192.0.2.2");

  @Test
  void admitsUpToTheBoundAndAgainOnceOneHasClosed() {
    assertThat(count.admit(first, 2, 0)).isEqualTo(ADMITTED);
    assertThat(count.admit(second, 2, 0)).isEqualTo(ADMITTED);
    assertThat(count.admit(second, 2, 0)).isEqualTo(TOO_MANY);
    assertThat(count.open()).isEqualTo(2);
    count.release(first);
    assertThat(count.admit(second, 2, 0)).isEqualTo(ADMITTED);
  }

  @Test
  void boundsEachClientApart() {
    assertThat(count.admit(first, 10, 1)).isEqualTo(ADMITTED);
    assertThat(count.admit(first, 10, 1)).isEqualTo(TOO_MANY_OF_CLIENT);
    assertThat(count.admit(second, 10, 1)).isEqualTo(ADMITTED);
    assertThat(count.open()).as("a refused connection is not counted").isEqualTo(2);
    count.release(first);
    assertThat(count.admit(first, 10, 1)).isEqualTo(ADMITTED);
  }

  @Test
  void knowsConnectionsFromBeforeABoundWasSet() {
    count.admit(first, 10, 0);
    assertThat(count.admit(first, 10, 1)).isEqualTo(TOO_MANY_OF_CLIENT);
  }

  @Test
  void comesBackToNothingFromAnyNumberOfThreads() throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      InetAddress client = t % 2 == 0 ? first : second;
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                for (int i = 0; i < 5_000; i++) {
                  if (count.admit(client, 3, 1) == ADMITTED) {
                    count.release(client);
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(count.open()).isZero();
    assertThat(count.admit(first, 1, 1)).isEqualTo(ADMITTED);
  }
}

package io.lockgate.limit;

import static io.lockgate.limit.ConnectionCount.Verdict.ADMITTED;
import static io.lockgate.limit.ConnectionCount.Verdict.TOO_MANY;
import static io.lockgate.limit.ConnectionCount.Verdict.TOO_MANY_OF_CLIENT;
import static io.lockgate.limit.ConnectionCount.Verdict.TOO_MANY_OF_LISTENER;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionCountTest {
  private final ConnectionCount count = new ConnectionCount();
  private final InetAddress first = NetUtil.createInetAddressFromIpAddressString("192.0.2.1");
  private final InetAddress second = NetUtil.createInetAddressFromIpAddressString("192.0.2.2");

  @Test
  void admitsUpToTheBoundAndAgainOnceOneHasClosed() {
    assertThat(count.admit("a", 2, 0)).isEqualTo(ADMITTED);
    assertThat(count.admit("b", 2, 0)).isEqualTo(ADMITTED);
    assertThat(count.admit("b", 2, 0)).isEqualTo(TOO_MANY);
    assertThat(count.open()).isEqualTo(2);
    count.release("a");
    assertThat(count.admit("b", 2, 0)).isEqualTo(ADMITTED);
  }

  @Test
  void boundsEachListenerApart() {
    assertThat(count.admit("a", 10, 1)).isEqualTo(ADMITTED);
    assertThat(count.admit("a", 10, 1)).isEqualTo(TOO_MANY_OF_LISTENER);
    assertThat(count.admit("b", 10, 1)).isEqualTo(ADMITTED);
    assertThat(count.open()).as("a refused connection is not counted").isEqualTo(2);
    count.release("a");
    assertThat(count.admit("a", 10, 1)).isEqualTo(ADMITTED);
  }

  @Test
  void boundsEachClientApart() {
    assertThat(count.admitClient(first, 1)).isEqualTo(ADMITTED);
    assertThat(count.admitClient(first, 1)).isEqualTo(TOO_MANY_OF_CLIENT);
    assertThat(count.admitClient(second, 1)).isEqualTo(ADMITTED);
    count.releaseClient(first);
    assertThat(count.admitClient(first, 1)).isEqualTo(ADMITTED);
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "192.0.2.1, ::ffff:192.0.2.1, true",
    "192.0.2.1, 192.0.2.3, false",
    "::1, ::2, true",
    "::1, 0.0.0.1, false"
  })
  void takesTheAddressesOfOneSubscriberForOneClient(String one, String other, boolean same) {
    count.admitClient(address(one), 1);
    assertThat(count.admitClient(address(other), 1))
        .isEqualTo(same ? TOO_MANY_OF_CLIENT : ADMITTED);
  }

  @Test
  void knowsConnectionsFromBeforeABoundWasSet() {
    count.admitClient(first, 0);
    assertThat(count.admitClient(first, 1)).isEqualTo(TOO_MANY_OF_CLIENT);
    count.admit("a", 10, 0);
    assertThat(count.admit("a", 10, 1)).isEqualTo(TOO_MANY_OF_LISTENER);
  }

  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
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
                  if (count.admit("a", 3, 2) == ADMITTED) {
                    if (count.admitClient(client, 1) == ADMITTED) {
                      count.releaseClient(client);
                    }
                    count.release("a");
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
    assertThat(count.admit("a", 1, 1)).isEqualTo(ADMITTED);
    assertThat(count.admitClient(first, 1)).isEqualTo(ADMITTED);
  }
}

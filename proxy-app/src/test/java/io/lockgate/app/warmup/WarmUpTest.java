package io.lockgate.app.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.RuntimeConfig.Transport;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy that asks itself. */
class WarmUpTest {
  private static PrivateProxy proxy() throws IOException {
    return PrivateProxy.start(Transport.AUTO, Clock.systemUTC());
  }

  private static WarmUp warmUp() {
    return new WarmUp(Transport.AUTO, Clock.systemUTC());
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() != null)
        .filter(thread -> thread.getThreadGroup().getName().equals(WarmUp.GROUP))
        .toList();
  }

  @Test
  void everyKindOfRequestOfARoundIsAnsweredWell() throws IOException {
    try (PrivateProxy proxy = proxy();
        PrivateLoad load = PrivateLoad.on(proxy)) {
      assertThat(load.round(() -> true)).isTrue();
    }
  }

  @Test
  void aRoundHasFullAndResumedHandshakesOfBothVersions() throws IOException {
    try (PrivateProxy proxy = proxy();
        PrivateLoad load = PrivateLoad.on(proxy)) {
      load.round(() -> true);

      assertThat(proxy.handshakes())
          .contains("TLSv1.2 full", "TLSv1.2 ticket", "TLSv1.3 full", "TLSv1.3 ticket");
    }
  }

  @Test
  void aRoundEndsAtOnceWhenSomebodyComes() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (PrivateProxy proxy = proxy();
        PrivateLoad load = PrivateLoad.on(proxy)) {
      assertThat(load.round(() -> asked.incrementAndGet() < 3)).isFalse();
    }
    assertThat(asked).hasValue(3);
  }

  @Test
  void thePrivateProxyHasNoFilesOnceItRuns() throws IOException {
    try (PrivateProxy proxy = proxy()) {
      assertThat(proxy.directory()).doesNotExist();
    }
  }

  @Test
  void whereOneDirectoryCannotBeWrittenItsFilesAreInTheNext(@TempDir Path writable)
      throws IOException {
    List<Path> places = List.of(Path.of("/proc"), writable);
    try (PrivateProxy proxy = PrivateProxy.start(Transport.AUTO, Clock.systemUTC(), places)) {
      assertThat(proxy.directory()).hasParentRaw(writable);
    }
  }

  @Test
  void whereNoDirectoryCanBeWrittenItSaysWhichAndWhy() {
    List<Path> places = List.of(Path.of("/proc"));

    assertThatThrownBy(() -> PrivateProxy.start(Transport.AUTO, Clock.systemUTC(), places))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no directory for its files: /proc (");
  }

  @Test
  void itWaitsForAsLongAsClientsAreConnected() {
    AtomicInteger asked = new AtomicInteger();
    try (WarmUp warmUp = warmUp()) {
      warmUp.whenever(
          () -> {
            asked.incrementAndGet();
            return false;
          },
          () -> 0);
      Patience.until("it has looked again", () -> asked.get() > 1);

      assertThat(threads()).extracting(Thread::getName).containsExactly(WarmUp.GROUP);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itEndsForGoodOnceClientsHaveAskedALotConnectedStillOrNot(boolean deserted) {
    AtomicInteger asked = new AtomicInteger();
    try (WarmUp warmUp = warmUp()) {
      warmUp.whenever(
          () -> deserted,
          () -> {
            asked.incrementAndGet();
            return 2_000;
          });
      Patience.until("it has looked", () -> asked.get() > 0);
      Patience.until("its thread has ended", () -> threads().isEmpty());
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void allOfItsThreadsAreOfTheLowestPriority() {
    try (WarmUp warmUp = warmUp()) {
      warmUp.whenever(() -> true, () -> 0);
      Patience.until("the private proxy runs", () -> threads().size() > 2);

      assertThat(threads()).extracting(Thread::getPriority).containsOnly(Thread.MIN_PRIORITY);
    }
  }

  @Test
  void closedInTheMiddleItLeavesNoThreads() {
    try (WarmUp warmUp = warmUp()) {
      warmUp.whenever(() -> true, () -> 0);
      Patience.until("the private proxy runs", () -> threads().size() > 2);
    }

    Patience.until("its threads have ended", () -> threads().isEmpty());
  }

  @Test
  void whoWaitsForItWaitsNoLongerThanAllowed() throws InterruptedException {
    try (WarmUp warmUp = warmUp()) {
      warmUp.atOnce(Duration.ofMillis(1));
    }

    Patience.until("its threads have ended", () -> threads().isEmpty());
  }
}

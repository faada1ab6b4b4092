package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.config.model.TlsConfig.KeySource;
import io.lockgate.config.model.TlsConfig.Tickets;
import io.lockgate.loop.Loops;
import io.lockgate.loop.Transport;
import io.lockgate.testkit.ManualClock;
import io.lockgate.ticket.TicketSource;
import io.lockgate.ticket.TicketSources;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.tls.TicketKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TicketRotationTest {
  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T09:00:00Z"));
  private final TicketSources sources = new TicketSources(clock, Map.of(), new SecureRandom());
  private final Loops loops = Loops.start(Transport.of(RuntimeConfig.Transport.AUTO), 1);
  private final HandshakeWorkers workers = new HandshakeWorkers(1, 1);
  private TicketSource shared;
  private TicketKeys keys;
  private ContextCache contexts;
  private TicketRotation rotation;

  @BeforeEach
  void start() throws Exception {
    shared = sources.open(asked(new KeySource.Directory(directory.resolve("t"))), Optional.empty());
    keys = new TicketKeys(shared.at(clock.instant()));
    contexts = new ContextCache(10, keys, loops::afterBarrier, workers);
    rotation = new TicketRotation(sources, shared, keys, contexts, loops, clock);
  }

  @AfterEach
  void close() {
    rotation.close();
    contexts.close();
    workers.close();
    loops.close();
  }

  private static Tickets asked(KeySource keys) {
    return new Tickets(true, Duration.ofHours(12), 2, keys);
  }

  /** What holds the monitor of a source stands for a volume that does not answer. */
  @Test
  @Timeout(30)
  void noVolumeThatHangsHoldsUpAHandOverOrAReloadToOtherKeys() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch answers = new CountDownLatch(1);
    Thread user = new Thread(() -> use(shared, hangs, answers));
    user.start();
    hangs.await();
    assertThat(rotation.handOver()).isEmpty();
    rotation.follow(rotation.prepare(asked(new KeySource.Memory())));
    assertThat(rotation.handOver()).isPresent();
    answers.countDown();
    user.join();
  }

  private static void use(TicketSource source, CountDownLatch hangs, CountDownLatch answers) {
    synchronized (source) {
      hangs.countDown();
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

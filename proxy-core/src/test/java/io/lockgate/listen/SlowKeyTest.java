package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.KeySigner;
import io.lockgate.tls.ProviderSigner;
import io.lockgate.tls.RecordingTlsListener.Failed;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsFixtures;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys whose signatures are left to the workers: RSA longer than 2048 bits. */
class SlowKeyTest {
  private static final TestCa CA = TestCa.root();
  private static final Host SLOW =
      new Host(
          "slow.example",
          List.of(TlsFixtures.identity(CA, TestKey.RSA_3072, "slow.example")),
          TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
  private static final Host QUICK =
      new Host(
          "quick.example",
          List.of(TlsFixtures.ecdsa(CA, "quick.example")),
          TlsFixtures.terms(TlsFixtures.INTERMEDIATE));

  private static final Host OTHER =
      new Host(
          "other.example",
          List.of(TlsFixtures.ecdsa(CA, "other.example")),
          TlsFixtures.terms(TlsFixtures.INTERMEDIATE));

  private final TlsClient client;

  SlowKeyTest() throws Exception {
    client = new TlsClient(CA.certificate());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void signsAndResumes(String version) throws Exception {
    try (TlsServer server = new TlsServer(SLOW)) {
      client.visit(server.address(), "slow.example", version);
      client.visit(server.address(), "slow.example", version);

      assertThat(next(server.events.succeeded))
          .returns(version, TlsFacts::version)
          .returns(Resumption.FULL, TlsFacts::resumption);
      assertThat(next(server.events.succeeded).resumption()).isEqualTo(Resumption.TICKET);
    }
  }

  @Nested
  class AKeyThatIsElsewhere {
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final KeySigner signer = new ProviderSigner(QUICK.all().get(0).key(), asked::add);

    private TlsServer server(Duration deadline) {
      TlsServer server = new TlsServer(10, deadline, QUICK, SLOW, OTHER);
      server.signers =
          identity -> identity.equals(QUICK.all().get(0)) ? Optional.of(signer) : Optional.empty();
      return server;
    }

    private Socket waiting(TlsServer server) throws IOException {
      Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(HelloBytes.record(HelloBytes.tls13("quick.example")));
      Patience.until("a signature is asked for", () -> !asked.isEmpty());
      return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void signsForItsHandshakes(String version) throws Exception {
      try (TlsServer server = server(Duration.ofSeconds(10))) {
        server.signers =
            identity -> Optional.of(new ProviderSigner(identity.key(), server.workers));
        client.visit(server.address(), "quick.example", version);
        assertThat(next(server.events.succeeded).version()).isEqualTo(version);
        client.visit(server.address(), "slow.example", version);
        assertThat(next(server.events.succeeded).version()).isEqualTo(version);
      }
    }

    @Test
    void delaysNoHandshakeButItsOwn() throws Exception {
      try (TlsServer server = server(Duration.ofSeconds(10));
          Socket held = waiting(server)) {
        client.visit(server.address(), "other.example");
        client.visit(server.address(), "slow.example");
        assertThat(next(server.events.succeeded).host()).isEqualTo("other.example");
        assertThat(next(server.events.succeeded).host()).isEqualTo("slow.example");
        assertThat(asked).as("unanswered meanwhile").hasSize(1);

        asked.remove().run();
        assertThat(held.getInputStream().read()).as("a handshake record").isEqualTo(22);
      }
    }

    @Test
    void mayAnswerAfterTheDeadlineHasEndedTheHandshake() throws Exception {
      try (TlsServer server = server(Duration.ofMillis(300))) {
        try (Socket held = waiting(server)) {
          assertThat(held.getInputStream().read()).as("the end").isEqualTo(-1);
          assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.TIMEOUT);
        }
        asked.remove().run();
        server.settle();
        assertThat(server.gate.inProgress).hasValue(0);
      }
    }

    @Test
    void mayAnswerAfterTheClientHasLeft() throws Exception {
      try (TlsServer server = server(Duration.ofSeconds(10))) {
        waiting(server).close();
        assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.CLIENT_CLOSED);
        asked.remove().run();
        server.settle();
        assertThat(server.gate.inProgress).hasValue(0);
      }
    }

    @Test
    void failsTheHandshakeIfItFails() throws Exception {
      try (TlsServer server = server(Duration.ofSeconds(10))) {
        server.signers =
            identity ->
                Optional.of(
                    (scheme, message) ->
                        CompletableFuture.failedFuture(new IllegalStateException("gone")));
        assertThatThrownBy(() -> client.visit(server.address(), "quick.example"))
            .isInstanceOf(IOException.class);
        Failed failed = next(server.events.failed);
        assertThat(failed.failure()).as(failed.detail()).isEqualTo(HandshakeFailure.INTERNAL);
      }
    }
  }

  @Nested
  class WhileAllWorkersAreBusy {
    private final CountDownLatch done = new CountDownLatch(1);

    /** The one worker that there is. */
    private void occupy(TlsServer server) {
      server.workers.execute(
          () -> {
            try {
              done.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    private Socket waiting(TlsServer server) throws IOException {
      Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(HelloBytes.record(HelloBytes.tls13("slow.example")));
      Patience.until("the handshake waits", () -> server.workers.waiting() == 1);
      return socket;
    }

    @Test
    void otherHandshakesOfTheSameLoopGoOn() throws Exception {
      try (TlsServer server = new TlsServer(SLOW, QUICK)) {
        occupy(server);
        try (Socket held = waiting(server)) {
          client.visit(server.address(), "quick.example");

          assertThat(next(server.events.succeeded).host()).isEqualTo("quick.example");
          assertThat(server.workers.waiting()).isOne();
          done.countDown();
          assertThat(held.getInputStream().read()).as("a handshake record").isEqualTo(22);
        }
      }
    }

    @Test
    void handshakesBeyondTheBoundAreRefused() throws Exception {
      try (TlsServer server = new TlsServer(SLOW)) {
        occupy(server);
        try (Socket held = waiting(server)) {
          assertThatThrownBy(() -> client.visit(server.address(), "slow.example"))
              .isInstanceOf(IOException.class);

          assertThat(next(server.events.failed))
              .returns("slow.example", Failed::host)
              .returns(HandshakeFailure.RATE_LIMITED, Failed::failure);
          assertThat(server.workers.refused()).isPositive();
          done.countDown();
          assertThat(held.getInputStream().read()).isEqualTo(22);
        }
      }
    }

    @Test
    void theDeadlineEndsAHandshakeThatWaits() throws Exception {
      try (TlsServer server = new TlsServer(10, Duration.ofMillis(300), SLOW)) {
        occupy(server);
        try (Socket held = waiting(server)) {
          assertThat(held.getInputStream().read()).as("the end").isEqualTo(-1);
          assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.TIMEOUT);
        }
        done.countDown();
        Patience.until("the worker is free", () -> server.workers.waiting() == 0);
      }
    }

    @Test
    void aClientThatLeavesIsForgotten() throws Exception {
      try (TlsServer server = new TlsServer(SLOW)) {
        occupy(server);
        waiting(server).close();

        assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.CLIENT_CLOSED);
        done.countDown();
        Patience.until("the worker is free", () -> server.workers.waiting() == 0);
        client.visit(server.address(), "slow.example");
        assertThat(next(server.events.succeeded).host()).isEqualTo("slow.example");
      }
    }
  }
}

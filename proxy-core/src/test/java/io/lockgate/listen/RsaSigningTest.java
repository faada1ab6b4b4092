package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import io.lockgate.tls.SystemOpenSsl;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsFixtures;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes signed by the system's OpenSSL in place of the TLS library. */
@Tag("java22")
class RsaSigningTest {
  private static final TestCa CA = TestCa.root();
  private static final Host RSA =
      new Host(
          "rsa.example",
          List.of(TlsFixtures.identity(CA, TestKey.RSA_2048, "rsa.example")),
          TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
  private static final Host LONG_RSA =
      new Host(
          "long.example",
          List.of(TlsFixtures.identity(CA, TestKey.RSA_3072, "long.example")),
          TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
  private static final Host EC =
      new Host(
          "ec.example",
          List.of(TlsFixtures.ecdsa(CA, "ec.example")),
          TlsFixtures.terms(TlsFixtures.INTERMEDIATE));

  private final TlsClient client;
  private SystemOpenSsl library;

  RsaSigningTest() throws Exception {
    client = new TlsClient(CA.certificate());
  }

  @BeforeEach
  void load() {
    library = TlsFixtures.systemOpenSsl().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void signsFullHandshakesAndNoResumedOnes(String version) throws Exception {
    try (TlsServer server = new TlsServer(RSA)) {
      server.contexts.signWith(Optional.of(library));
      client.visit(server.address(), "rsa.example", version);
      client.visit(server.address(), "rsa.example", version);

      assertThat(next(server.events.succeeded))
          .returns(version, TlsFacts::version)
          .returns(Resumption.FULL, TlsFacts::resumption);
      assertThat(next(server.events.succeeded).resumption()).isEqualTo(Resumption.TICKET);
      assertThat(library.signatures()).isOne();
    }
  }

  @Test
  void leavesOtherKeysToTheTlsLibrary() throws Exception {
    try (TlsServer server = new TlsServer(EC, LONG_RSA)) {
      server.contexts.signWith(Optional.of(library));
      client.visit(server.address(), "ec.example", "TLSv1.3");
      client.visit(server.address(), "long.example", "TLSv1.3");
      assertThat(library.signatures()).isZero();
    }
  }

  @Test
  void takesOverFromTheTlsLibraryWhileServingAndGivesBack() throws Exception {
    try (TlsServer server = new TlsServer(RSA)) {
      visitAfresh(server);
      assertThat(library.signatures()).isZero();

      server.contexts.signWith(Optional.of(library));
      visitAfresh(server);
      assertThat(library.signatures()).isOne();

      server.contexts.signWith(Optional.empty());
      visitAfresh(server);
      assertThat(library.signatures()).isOne();
    }
  }

  @Test
  void sessionsOutliveTheChange() throws Exception {
    try (TlsServer server = new TlsServer(RSA)) {
      client.visit(server.address(), "rsa.example", "TLSv1.3");
      server.contexts.signWith(Optional.of(library));
      client.visit(server.address(), "rsa.example", "TLSv1.3");

      assertThat(next(server.events.succeeded).resumption()).isEqualTo(Resumption.FULL);
      assertThat(next(server.events.succeeded).resumption()).isEqualTo(Resumption.TICKET);
    }
  }

  /** Without a session of before. */
  private void visitAfresh(TlsServer server) throws Exception {
    new TlsClient(CA.certificate()).visit(server.address(), "rsa.example", "TLSv1.3");
    assertThat(next(server.events.succeeded).resumption()).isEqualTo(Resumption.FULL);
  }
}

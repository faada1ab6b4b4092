package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.RecordingTlsListener.Failed;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsFixtures;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets that names a host and can agree with it. */
class HandshakeTest {
  private final TestCa ca = TestCa.root();

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void settlesTheFactsOfAConnection(String version) throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      new TlsClient(ca.certificate()).visit(server.address(), "a.example", version);

      TlsFacts facts = next(server.events.succeeded);
      assertThat(facts.host()).isEqualTo("a.example");
      assertThat(facts.sni()).isEqualTo("a.example");
      assertThat(facts.version()).isEqualTo(version);
      assertThat(facts.cipher())
          .matches(version.equals("TLSv1.3") ? "TLS_AES_.*" : "TLS_ECDHE_ECDSA_WITH_AES_.*");
      assertThat(facts.group()).isEqualTo("X25519");
      assertThat(facts.alpn()).as("the client offered none").isEmpty();
      assertThat(facts.resumption()).isEqualTo(Resumption.FULL);
    }
  }

  @Test
  void choosesTheProtocolByTheServersPreference() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"));
        SSLSocket socket = new TlsClient(ca.certificate()).connect(server.address(), "a.example")) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
      socket.setSSLParameters(parameters);
      TlsClient.exchange(socket);

      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      assertThat(next(server.events.succeeded).alpn()).isEqualTo("h2");
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3, ECDSA, EC", "TLSv1.3, RSA, RSA", "TLSv1.2, ECDSA, EC", "TLSv1.2, RSA, RSA"})
  void servesTheKindOfCertificateThatTheClientVerifies(String version, String kind, String key)
      throws Exception {
    Host both =
        new Host(
            "a.example",
            List.of(TlsFixtures.rsa(ca, "a.example"), TlsFixtures.ecdsa(ca, "a.example")),
            TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
    try (TlsServer server = new TlsServer(both)) {
      String signatures = kind.equals("RSA") ? "rsa_pss_rsae_sha256" : "ecdsa_secp256r1_sha256";
      OpenSslClient.Result result =
          OpenSslClient.connect(
              server.address(),
              "a.example",
              version.equals("TLSv1.3") ? "-tls1_3" : "-tls1_2",
              "-sigalgs",
              signatures);

      next(server.events.succeeded);
      assertThat(result.output()).contains(key.equals("EC") ? "id-ecPublicKey" : "rsaEncryption");
    }
  }

  @Test
  void enforcesEachHostsOwnPolicyWhicheverIsAskedFirst() throws Exception {
    Host modern =
        new Host(
            "modern.example",
            List.of(TlsFixtures.ecdsa(ca, "modern.example")),
            TlsFixtures.terms(TlsFixtures.MODERN));
    Host old =
        new Host(
            "old.example",
            List.of(TlsFixtures.ecdsa(ca, "old.example")),
            TlsFixtures.terms(TlsFixtures.OLD));
    TlsClient client = new TlsClient(ca.certificate());
    try (TlsServer server = new TlsServer(modern, old)) {
      for (int round = 0; round < 2; round++) {
        client.visit(server.address(), "modern.example", "TLSv1.3");
        assertThat(next(server.events.succeeded).version()).isEqualTo("TLSv1.3");
        client.visit(server.address(), "old.example", "TLSv1.2", "TLSv1.3");
        assertThat(next(server.events.succeeded).version()).isEqualTo("TLSv1.2");

        assertThatThrownBy(() -> client.visit(server.address(), "modern.example", "TLSv1.2"))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("protocol_version");
        assertThat(next(server.events.failed))
            .returns("modern.example", Failed::host)
            .returns(HandshakeFailure.PROTOCOL_VERSION, Failed::failure);
        assertThatThrownBy(() -> client.visit(server.address(), "old.example", "TLSv1.3"))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("protocol_version");
        assertThat(next(server.events.failed).host()).isEqualTo("old.example");
      }
    }
  }

  @Nested
  class TheGate {
    @Test
    void isToldTheEndOfEachHandshakeItLetIn() throws Exception {
      TlsClient client = new TlsClient(ca.certificate());
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
        client.visit(server.address(), "a.example");
        assertThat(next(server.gate.resumed)).isFalse();
        client.visit(server.address(), "a.example");
        assertThat(next(server.gate.resumed)).isTrue();
        assertThatThrownBy(() -> client.visit(server.address(), "b.example"))
            .isInstanceOf(IOException.class);
        assertThat(next(server.gate.resumed)).as("refused for its name").isFalse();
        TlsClient.rawPrefix(server.address(), 5, HelloBytes.record(HelloBytes.tls13("a.example")));
        assertThat(next(server.gate.resumed)).as("left in the middle").isFalse();
        assertThat(server.gate.inProgress).hasValue(0);
        assertThat(server.gate.resumed).isEmpty();
      }
    }

    @Test
    void closesAtOnceWhatItDoesNotLetIn() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
        server.gate.shut = true;
        assertThatThrownBy(
                () -> new TlsClient(ca.certificate()).visit(server.address(), "a.example"))
            .isInstanceOf(IOException.class);

        assertThat(next(server.events.failed))
            .returns("other", Failed::host)
            .returns(HandshakeFailure.RATE_LIMITED, Failed::failure);
        assertThat(server.contexts.size()).as("nothing was made for it").isZero();
      }
    }
  }

  @Nested
  class WhenNoHostIsNamed {
    @Test
    void refusesWithUnrecognizedNameByDefault() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
        TlsClient client = new TlsClient(ca.certificate());
        assertThatThrownBy(() -> client.visit(server.address(), ""))
            .hasMessageContaining("unrecognized_name");
        assertThat(next(server.events.failed))
            .returns("other", Failed::host)
            .returns(HandshakeFailure.UNKNOWN_HOST, Failed::failure);
      }
    }

    @Test
    void servesTheFallbackWhereOneIsSet() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
        server.serve(Optional.empty(), Optional.of(Host.usual(ca, "fallback.example")));
        new TlsClient(ca.certificate()).visit(server.address(), "");
        assertThat(next(server.events.succeeded).host()).isEqualTo("fallback.example");
      }
    }

    @Test
    void takesAnAddressForNoName() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
        server.serve(Optional.empty(), Optional.of(Host.usual(ca, "fallback.example")));
        OpenSslClient.connect(server.address(), "127.0.0.1");
        assertThat(next(server.events.succeeded))
            .returns("fallback.example", TlsFacts::host)
            .returns("127.0.0.1", TlsFacts::sni);
      }
    }
  }

  @Test
  void refusesANameThatNoHostCovers() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      TlsClient client = new TlsClient(ca.certificate());
      assertThatThrownBy(() -> client.visit(server.address(), "b.example"))
          .hasMessageContaining("unrecognized_name");
      assertThat(next(server.events.failed).host()).isEqualTo("other");
    }
  }

  @Nested
  class WhenContextsAreEvicted {
    @Test
    void connectionsThatHaveOneGoOn() throws Exception {
      Host a = Host.usual(ca, "a.example");
      Host b = Host.usual(ca, "b.example");
      try (TlsServer server = new TlsServer(1, Duration.ofSeconds(10), a, b)) {
        TlsClient client = new TlsClient(ca.certificate());
        try (SSLSocket first = client.connect(server.address(), "a.example")) {
          TlsClient.exchange(first);
          for (int i = 0; i < 5; i++) {
            client.visit(server.address(), "b.example");
            client.visit(server.address(), "a.example");
            TlsClient.exchange(first);
          }
          server.contexts.close();
          server.settle();
          TlsClient.exchange(first);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 100, 1 << 14})
  void servesAHelloInRecordsAndSegmentsOfAnySize(int size) throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      byte[] bytes = HelloBytes.records(HelloBytes.tls13("a.example"), size);
      byte[][] segments = new byte[(bytes.length + size - 1) / size][];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = Arrays.copyOfRange(bytes, i * size, Math.min(bytes.length, (i + 1) * size));
      }
      assertThat(TlsClient.rawPrefix(server.address(), 6, segments))
          .as("a ServerHello")
          .startsWith(22, 3, 3)
          .endsWith(2);
    }
  }

  @Test
  void servesAHelloOf16KiB() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      int rest = HelloBytes.tls13("a.example", 1).length - 1;
      byte[] hello = HelloBytes.tls13("a.example", 4 + 16 * 1024 - rest);
      byte[] bytes = HelloBytes.records(hello, 1 << 14);
      assertThat(TlsClient.rawPrefix(server.address(), 6, bytes)).startsWith(22, 3, 3).endsWith(2);
    }
  }
}

package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.OutputClose;
import io.lockgate.tls.RecordingTlsListener.Failed;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsFixtures;
import io.lockgate.tls.TlsInput;
import io.lockgate.tls.TlsListener.How;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private final TestCa ca = TestCa.root();

  private Host host(String name) {
    return new Host(
        name, List.of(TlsFixtures.ecdsa(ca, name)), TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void settlesTheFactsOfAConnection(String version) throws Exception {
    try (TlsServer server = new TlsServer(host("a.example"))) {
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
    try (TlsServer server = new TlsServer(host("a.example"));
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
      try (TlsServer server = new TlsServer(host("a.example"))) {
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
      try (TlsServer server = new TlsServer(host("a.example"))) {
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
      try (TlsServer server = new TlsServer(host("a.example"))) {
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
      try (TlsServer server = new TlsServer(host("a.example"))) {
        server.serve(Optional.empty(), Optional.of(host("fallback.example")));
        new TlsClient(ca.certificate()).visit(server.address(), "");
        assertThat(next(server.events.succeeded).host()).isEqualTo("fallback.example");
      }
    }

    @Test
    void takesAnAddressForNoName() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        server.serve(Optional.empty(), Optional.of(host("fallback.example")));
        OpenSslClient.connect(server.address(), "127.0.0.1");
        assertThat(next(server.events.succeeded))
            .returns("fallback.example", TlsFacts::host)
            .returns("127.0.0.1", TlsFacts::sni);
      }
    }
  }

  @Test
  void refusesANameThatNoHostCovers() throws Exception {
    try (TlsServer server = new TlsServer(host("a.example"))) {
      TlsClient client = new TlsClient(ca.certificate());
      assertThatThrownBy(() -> client.visit(server.address(), "b.example"))
          .hasMessageContaining("unrecognized_name");
      assertThat(next(server.events.failed).host()).isEqualTo("other");
    }
  }

  @Nested
  class WhenTheOffersDoNotMeet {
    @ParameterizedTest
    @CsvSource({
      "-alpn spdy/3, NO_APPLICATION_PROTOCOL, 120",
      "-tls1_1 -cipher DEFAULT@SECLEVEL=0, PROTOCOL_VERSION, 70",
      "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA, CIPHER_MISMATCH, 40",
      "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256, CIPHER_MISMATCH, 40",
      "-tls1_3 -sigalgs rsa_pss_rsae_sha256, CIPHER_MISMATCH, 40",
      "-tls1_3 -groups P-521, NO_SHARED_GROUP, 40",
      "-tls1_2 -groups P-521, NO_SHARED_GROUP, 40"
    })
    void tellsWhatWasMissing(String options, HandshakeFailure failure, int alert) throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        OpenSslClient.Result result =
            OpenSslClient.connect(server.address(), "a.example", options.split(" ", -1));
        assertThat(next(server.events.failed))
            .returns("a.example", Failed::host)
            .returns(failure, Failed::failure);
        assertThat(result.output()).contains("SSL alert number " + alert);
      }
    }

    @Test
    void tellsThatTheClientRejectedTheCertificate() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        TlsClient stranger = new TlsClient(TestCa.root().certificate());
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
          assertThatThrownBy(() -> stranger.visit(server.address(), "a.example", version))
              .isInstanceOf(IOException.class);
          assertThat(next(server.events.failed).failure())
              .isEqualTo(HandshakeFailure.CLIENT_REJECTED_CERTIFICATE);
        }
        OpenSslClient.connect(server.address(), "a.example", "-verify_return_error", "-tls1_3");
        assertThat(next(server.events.failed).failure())
            .isEqualTo(HandshakeFailure.CLIENT_REJECTED_CERTIFICATE);
      }
    }
  }

  @Nested
  class WhenTheClientDoesNotSpeakTls {
    @Test
    void answersHttpInClear() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        byte[] answer =
            TlsClient.raw(
                server.address(),
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(answer, StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.NOT_TLS);
      }
    }

    @Test
    void answersOtherBytesWithAnAlert() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        byte[] answer = TlsClient.raw(server.address(), new byte[] {0, 1, 2, 3, 4, 5, 6, 7});
        assertThat(answer).containsExactly(21, 3, 3, 0, 2, 2, 10);
        assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.NOT_TLS);
      }
    }
  }

  @Nested
  class WhenTheClientIsSlow {
    @Test
    void endsASilentConnectionAtTheDeadline() throws Exception {
      try (TlsServer server = new TlsServer(10, Duration.ofMillis(20), host("a.example"))) {
        assertThat(TlsClient.raw(server.address())).isEmpty();
        assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.TIMEOUT);
      }
    }

    @Test
    void endsAHandshakeThatStopsAfterTheHello() throws Exception {
      try (TlsServer server = new TlsServer(10, Duration.ofMillis(300), host("a.example"))) {
        byte[] answer =
            TlsClient.raw(server.address(), HelloBytes.record(HelloBytes.tls13("a.example")));
        assertThat(answer[0]).as("a handshake record").isEqualTo((byte) 22);
        assertThat(next(server.events.failed))
            .returns("a.example", Failed::host)
            .returns(HandshakeFailure.TIMEOUT, Failed::failure);
      }
    }
  }

  @Test
  void tellsOnceThatAClientLeftInTheMiddle() throws Exception {
    try (TlsServer server = new TlsServer(host("a.example"))) {
      byte[] hello = HelloBytes.record(HelloBytes.tls13("a.example"));
      try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
        socket.getOutputStream().write(hello, 0, 40);
      }
      assertThat(next(server.events.failed))
          .returns("other", Failed::host)
          .returns(HandshakeFailure.CLIENT_CLOSED, Failed::failure);
      try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
        socket.getOutputStream().write(hello);
        socket.getInputStream().read();
      }
      assertThat(next(server.events.failed))
          .returns("a.example", Failed::host)
          .returns(HandshakeFailure.CLIENT_CLOSED, Failed::failure);
      server.settle();
      assertThat(server.events.failed).isEmpty();
    }
  }

  @Nested
  class WhenAConnectionEnds {
    @Test
    void tellsAnOrderlyEnd() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        new TlsClient(ca.certificate()).visit(server.address(), "a.example");
        assertThat(next(server.events.closed)).isEqualTo(How.CLOSE_NOTIFY);
      }
    }

    @Test
    void tellsThatTheClientLeftWithoutAWord() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"));
          Socket plain = new Socket(server.address().getAddress(), server.address().getPort())) {
        TlsClient.exchange(
            new TlsClient(ca.certificate()).over(plain, server.address(), "a.example"));
        plain.shutdownOutput();
        assertThat(next(server.events.closed)).isEqualTo(How.TRUNCATED);
      }
    }

    @Test
    void tellsThatTheClientResetTheConnection() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        try (Socket plain = new Socket(server.address().getAddress(), server.address().getPort())) {
          TlsClient.exchange(
              new TlsClient(ca.certificate()).over(plain, server.address(), "a.example"));
          plain.setSoLinger(true, 0);
        }
        assertThat(next(server.events.closed)).isEqualTo(How.RESET);
      }
    }

    @Test
    void tellsAnOrderlyEndWhenWeEndIt() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        server.secured.set((channel, facts, decision) -> channel.close());
        try (SSLSocket socket =
            new TlsClient(ca.certificate()).connect(server.address(), "a.example")) {
          assertThat(socket.getInputStream().read()).as("close_notify").isEqualTo(-1);
        }
        assertThat(next(server.events.closed)).isEqualTo(How.CLOSE_NOTIFY);
      }
    }

    @Test
    void countsNoTruncationByTheClientWhereWeCutTheConnection() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        server.secured.set((channel, facts, decision) -> OutputClose.cut(channel));
        try (SSLSocket socket =
            new TlsClient(ca.certificate()).connect(server.address(), "a.example")) {
          socket.startHandshake();
          assertThat(next(server.events.closed)).isEqualTo(How.ERROR);
        }
      }
    }

    @Test
    void answersWholeAClientThatHasEndedItsHalf() throws Exception {
      try (TlsServer server = new TlsServer(host("a.example"))) {
        CompletableFuture<Channel> asked = new CompletableFuture<>();
        server.secured.set(
            (channel, facts, decision) -> channel.pipeline().addLast(new Holder(asked)));
        try (SSLSocket socket =
            new TlsClient(ca.certificate()).connect(server.address(), "a.example")) {
          socket.getOutputStream().write('?');
          socket.shutdownOutput();
          Channel channel = asked.get(10, TimeUnit.SECONDS);
          channel.eventLoop().submit(() -> answer(channel)).get(10, TimeUnit.SECONDS);
          assertThat(socket.getInputStream().readAllBytes()).hasSize(100_000);
        }
        assertThat(next(server.events.closed)).isEqualTo(How.CLOSE_NOTIFY);
      }
    }

    private void answer(Channel channel) {
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(new byte[100_000]))
          .addListener(written -> TlsInput.of(channel).orElseThrow().resume());
    }

    /** Holds the input at the first request, and answers nothing itself. */
    private static final class Holder extends ChannelInboundHandlerAdapter {
      private final CompletableFuture<Channel> asked;

      Holder(CompletableFuture<Channel> asked) {
        this.asked = asked;
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        TlsInput.of(context.channel()).orElseThrow().hold();
        asked.complete(context.channel());
      }
    }
  }

  @Nested
  class WhenContextsAreEvicted {
    @Test
    void connectionsThatHaveOneGoOn() throws Exception {
      Host a = host("a.example");
      Host b = host("b.example");
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
    try (TlsServer server = new TlsServer(host("a.example"))) {
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
    try (TlsServer server = new TlsServer(host("a.example"))) {
      int rest = HelloBytes.tls13("a.example", 1).length - 1;
      byte[] hello = HelloBytes.tls13("a.example", 4 + 16 * 1024 - rest);
      byte[] bytes = HelloBytes.records(hello, 1 << 14);
      assertThat(TlsClient.rawPrefix(server.address(), 6, bytes)).startsWith(22, 3, 3).endsWith(2);
    }
  }
}

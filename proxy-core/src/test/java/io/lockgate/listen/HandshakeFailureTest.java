package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.RecordingTlsListener.Failed;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of handshakes that come to nothing, to the client and to who listens. */
class HandshakeFailureTest {
  private final TestCa ca = TestCa.root();

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
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
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
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
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
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
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
      try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
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
      try (TlsServer server =
          new TlsServer(10, Duration.ofMillis(20), Host.usual(ca, "a.example"))) {
        assertThat(TlsClient.raw(server.address())).isEmpty();
        assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.TIMEOUT);
      }
    }

    @Test
    void endsAHandshakeThatStopsAfterTheHello() throws Exception {
      try (TlsServer server =
          new TlsServer(10, Duration.ofMillis(300), Host.usual(ca, "a.example"))) {
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
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
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
}

package io.lockgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ScriptedOriginTest {
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void recordsEveryByteItWasSent() throws IOException {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering("HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n");
        RawClient client = RawClient.connect(origin.port())) {
      client.send(REQUEST).readResponse();
      assertThat(client.send(REQUEST).readResponse().status()).isEqualTo(204);
      assertThat(origin.received()).isEqualTo(REQUEST + REQUEST);
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void maySayAnythingAndTheStrictReaderTellsWhatWasWrong() throws IOException {
    String twoLengths = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab";
    try (ScriptedOrigin origin = ScriptedOrigin.answering(twoLengths);
        RawClient client = RawClient.connect(origin.port())) {
      client.send(REQUEST);
      assertThatThrownBy(client::readResponse)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ambiguous framing")
          .hasMessageContaining("HTTP/1.1 200 OK");
    }
  }

  @Test
  void canResetAConnectionInTheMiddle() throws IOException {
    try (ScriptedOrigin origin =
            ScriptedOrigin.playing(
                peer -> {
                  peer.readRequest();
                  peer.write("HTTP/1.1 200 OK\r\n").reset();
                });
        RawClient client = RawClient.connect(origin.port())) {
      client.send(REQUEST);
      assertThat("HTTP/1.1 200 OK\r\n").startsWith(client.readUntilClosed());
    }
  }

  @Test
  void playsADifferentPartOnEachConnection() throws IOException {
    try (ScriptedOrigin origin =
        ScriptedOrigin.playing(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + peer.number());
            })) {
      for (int i = 1; i <= 2; i++) {
        try (RawClient client = RawClient.connect(origin.port())) {
          assertThat(client.send(REQUEST).readResponse().text()).isEqualTo("" + i);
          client.expectClosed();
        }
      }
    }
  }
}

package io.lockgate.admin;

import static io.lockgate.admin.ServedAdmin.LOOPBACK;
import static io.lockgate.admin.ServedAdmin.json;
import static io.lockgate.admin.ServedAdmin.request;
import static io.lockgate.admin.ServedAdmin.withBody;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.admin.RawExchange.Reply;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send more than they may, or what is no request. */
class AdminGreedyClientsTest {
  private final ServedAdmin admin = new ServedAdmin();

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void refusesABodyAboveTheBound() throws IOException {
    admin.start(LOOPBACK, "");

    Reply declared = admin.send(withBody("/log-level", "x".repeat(70_000)));
    assertThat(declared.status()).isEqualTo(413);
    assertThat(json(declared).at("/hint").asString()).contains("65536");
  }

  @Test
  void refusesAChunkedBodyAboveTheBound() throws IOException {
    admin.start(LOOPBACK, "");
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";

    String request =
        "POST /log-level HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunk.repeat(6)
            + "0\r\n\r\n";
    assertThat(admin.send(request).status()).isEqualTo(413);
    assertThat(admin.sources.changes).isEmpty();
  }

  @Test
  void takesABodyThatComesInPiecesAfterAsking() throws IOException {
    admin.start(LOOPBACK, "");
    String body = "{\"logger\": \"io.lockgate\", \"level\": \"info\"}";
    try (Socket socket = RawExchange.connect(admin.address())) {
      String head =
          "POST /log-level HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
              + ("Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n");
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      byte[] interim = socket.getInputStream().readNBytes(25);
      assertThat(new String(interim, US_ASCII)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      for (byte octet : body.getBytes(US_ASCII)) {
        socket.getOutputStream().write(octet);
      }
      socket.getInputStream().readAllBytes();
    }

    assertThat(admin.sources.changes).containsExactly("log io.lockgate INFO");
  }

  @ParameterizedTest
  @CsvSource({"5000, 0, 414", "10, 17000, 431"})
  void refusesAHeadAboveTheBound(int target, int field, int status) throws IOException {
    admin.start(LOOPBACK, "");
    String request =
        request("GET", "/" + "x".repeat(target), "localhost", "X: " + "y".repeat(field) + "\r\n");

    assertThat(admin.send(request).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/x\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n"
      })
  void answersWhatIsNotHttpAndCloses(String bytes) throws IOException {
    admin.start(LOOPBACK, "");

    assertThat(admin.send(bytes).status()).isEqualTo(400);
  }

  @Test
  void closesOnAClientThatDoesNotFinishItsHead() throws IOException {
    admin.start(LOOPBACK, "", limits(Duration.ofMillis(100), 64));

    assertThat(RawExchange.bytes(admin.address(), "GET /livez HT")).isEmpty();
  }

  @Test
  void closesOnAClientThatDoesNotFinishItsBody() throws IOException {
    admin.start(LOOPBACK, "", limits(Duration.ofMillis(100), 64));
    String head = "POST /reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc";

    assertThat(RawExchange.bytes(admin.address(), head)).isEmpty();
    assertThat(admin.sources.changes).isEmpty();
  }

  @Test
  void holdsNoMoreConnectionsThanItsBound() throws IOException {
    admin.start(LOOPBACK, "", limits(Duration.ofSeconds(20), 1));
    try (Socket first = RawExchange.connect(admin.address())) {
      first
          .getOutputStream()
          .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertThat(first.getInputStream().read()).isEqualTo('H');

      try (Socket second = RawExchange.connect(admin.address())) {
        assertThat(second.getInputStream().read()).as("closed at once").isEqualTo(-1);
      }
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws IOException {
    admin.start(LOOPBACK, "");
    String keep = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String all =
        keep.repeat(20) + keep.replace("/livez", "/x") + request("GET", "/readyz", "localhost", "");

    List<Reply> replies = Reply.parse(RawExchange.bytes(admin.address(), all));
    assertThat(replies).hasSize(22);
    assertThat(replies.subList(0, 20)).allMatch(reply -> reply.status() == 200);
    assertThat(replies.get(20).status()).isEqualTo(404);
    assertThat(replies.get(21).status()).isEqualTo(200);
  }

  private static AdminLimits limits(Duration patience, int connections) {
    return new AdminLimits(patience, connections, 4_096, 8_192, 65_536);
  }
}

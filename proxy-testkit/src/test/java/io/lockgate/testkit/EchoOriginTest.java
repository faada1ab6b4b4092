package io.lockgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EchoOriginTest {
  private EchoOrigin origin;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    origin = EchoOrigin.named("one");
    client = RawClient.connect(origin.port());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    origin.close();
  }

  @Test
  void answersManyRequestsOnOneConnectionWithTheHeadItGot() throws IOException {
    client.send("GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(client.readResponse().text()).isEqualTo("GET /a?b HTTP/1.1\nHost: x\n");
    client.send("GET /c HTTP/1.1\r\nHost: y\r\n\r\n");
    assertThat(client.readResponse().field("X-Origin")).hasValue("one");
    assertThat(origin.connections()).isEqualTo(1);
    assertThat(origin.lastRequest().target()).isEqualTo("/c");
    // Counted when the last byte was handed to the socket: a client may have read it before.
    Patience.until("both requests are counted", () -> origin.answered() == 2);
  }

  @Test
  void sumsUpAnUploadAndItsSumIsThatOfTheBody() throws IOException {
    client.send("POST /sink HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("5\r\nhello\r\n0\r\n\r\n");
    assertThat(client.readResponse().text()).startsWith("length=5 checksum=");
  }

  @Test
  void sendsBodiesWhoseSumAnyoneCanKnow() throws IOException {
    client.send("GET /chunked/200000 HTTP/1.1\r\nHost: x\r\n\r\n");
    byte[] body = client.readResponse().bytes();
    assertThat(Bulk.read(new java.io.ByteArrayInputStream(body))).isEqualTo(Bulk.Seen.of(200_000));
  }

  @Test
  void echoesChunksWithTheirTrailersBeforeTheRequestHasEnded() throws IOException {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("5\r\nhello\r\n");
    assertThat(client.readHead().field("Transfer-Encoding")).hasValue("chunked");
    assertThat(client.readExactly(10)).asString().isEqualTo("5\r\nhello\r\n");
    client.send("0\r\nX-Mine: 1\r\n\r\n");
    assertThat(client.readExactly(3)).asString().isEqualTo("0\r\n");
  }

  @Test
  void holdsAnAnswerUntilItIsReleased() throws IOException {
    client.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    Patience.until("the request is held", () -> origin.holding() == 1);
    origin.release();
    assertThat(client.readResponse().status()).isEqualTo(200);
  }

  @Test
  void asksForTheContentWhereTheClientWaitsForThat() throws IOException {
    client.send(
        "POST /sink HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    assertThat(client.readResponse().status()).isEqualTo(100);
    client.send("x");
    assertThat(client.readResponse().field("Content-Length")).isNotEqualTo(Optional.of("0"));
  }
}

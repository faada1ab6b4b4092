package io.lockgate.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.json.JsonOctets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a collector that answers each request of a connection with the next of its answers. */
class CollectorClientTest {
  private static final String TAKEN = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final String CLOSES = "";

  private final CollectorClient client = new CollectorClient("1.2.3", Duration.ofSeconds(20));
  private final JsonOctets document = new JsonOctets();
  private final Queue<List<String>> connections = new ConcurrentLinkedQueue<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private ServerSocket collector;

  @BeforeEach
  void listen() throws IOException {
    collector = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    document.text("x");
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    collector.close();
  }

  /** On the one connection there is. */
  private void answers(List<String> onTheFirst) {
    connections.add(onTheFirst);
    Thread thread = new Thread(this::serve);
    thread.setDaemon(true);
    thread.start();
  }

  private void answers(List<String> onTheFirst, List<String> onTheSecond) {
    connections.add(onTheFirst);
    answers(onTheSecond);
  }

  private void serve() {
    while (!connections.isEmpty()) {
      try (Socket socket = collector.accept()) {
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (String answer : connections.remove()) {
          requests.add(request(reader));
          OutputStream output = socket.getOutputStream();
          output.write(answer.getBytes(StandardCharsets.US_ASCII));
          output.flush();
        }
      } catch (IOException e) {
        return; // The test is over.
      }
    }
  }

  private static String request(BufferedReader reader) throws IOException {
    List<String> head = new ArrayList<>();
    for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
      head.add(line);
    }
    char[] content = new char["\"x\"".length()];
    int read = reader.read(content);
    return String.join("\n", head) + "\n" + new String(content, 0, read);
  }

  private URI endpoint(String path) {
    return URI.create("http://127.0.0.1:" + collector.getLocalPort() + path);
  }

  private int post() throws IOException {
    return client.post(endpoint("/v1/traces"), document);
  }

  @Test
  void tellsWhatItPosts() throws IOException {
    answers(List.of(TAKEN));
    assertThat(client.post(endpoint("/v1/traces?a=b"), document)).isEqualTo(200);
    assertThat(requests)
        .containsExactly(
            "POST /v1/traces?a=b HTTP/1.1\n"
                + ("Host: 127.0.0.1:" + collector.getLocalPort() + "\n")
                + "User-Agent: lockgate/1.2.3\n"
                + "Content-Type: application/json\n"
                + "Content-Length: 3\n"
                + "\"x\"");
  }

  @Test
  void anAnswerThatNobodyAskedForIsNotTakenForTheNextOne() throws IOException {
    String leave = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
    answers(List.of(TAKEN + leave), List.of(TAKEN));

    assertThat(List.of(post(), post())).containsExactly(200, 200);
  }

  @Test
  void anAnswerWithoutContentLeavesTheConnectionOpen() throws IOException {
    answers(List.of("HTTP/1.1 204 No Content\r\n\r\n", TAKEN));

    assertThat(List.of(post(), post())).containsExactly(204, 200);
  }

  @Test
  void refusesAChunkLongerThanItsSize() {
    answers(List.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n"));

    assertThatThrownBy(this::post).isInstanceOf(ProtocolException.class);
  }

  @Test
  void whatIsNotAsciiInAPathIsPercentEncoded() throws IOException {
    answers(List.of(TAKEN));
    client.post(endpoint("/sp\u00e4ne"), document);

    assertThat(requests.element()).startsWith("POST /sp%C3%A4ne HTTP/1.1\n");
  }

  @Test
  void postsOverOneConnectionWhileItLasts() throws IOException {
    answers(List.of(TAKEN, TAKEN, TAKEN));
    assertThat(List.of(post(), post(), post())).containsOnly(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nt: u\r\n\r\n",
        "HTTP/1.1 503 Busy\r\ncontent-length:0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Busy\nContent-Length: 1\n\nx",
      })
  void findsTheEndOfAnAnswer(String answer) throws IOException {
    answers(List.of(answer, TAKEN));
    assertThat(post()).isEqualTo(503);
    assertThat(post()).as("on the same connection").isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nuntil the end",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
      })
  void takesANewConnectionAfterAnAnswerThatEndsIts(String answer) throws IOException {
    answers(List.of(answer), List.of(TAKEN));
    assertThat(post()).isEqualTo(200);
    assertThat(post()).isEqualTo(200);
    assertThat(requests).hasSize(2);
  }

  @Test
  void sendsAgainWhatAKeptConnectionIsClosedOn() throws IOException {
    answers(List.of(TAKEN, CLOSES), List.of(TAKEN));
    assertThat(List.of(post(), post())).containsOnly(200);
    assertThat(requests).hasSize(3);
  }

  @Test
  void sendsNothingAgainThatWasAnsweredInPart() throws IOException {
    answers(List.of(TAKEN, "HTTP/1.1 200 O"), List.of(TAKEN));
    assertThat(post()).isEqualTo(200);
    assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    assertThat(requests).hasSize(2);
  }

  @Test
  void sendsNothingAgainOnANewConnection() {
    answers(List.of(CLOSES), List.of(TAKEN));
    assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n",
      })
  void refusesWhatIsNoAnswer(String answer) {
    answers(List.of(answer));
    assertThatThrownBy(this::post).isInstanceOf(ProtocolException.class);
  }

  @Test
  void readsNoHeadWithoutEnd() {
    answers(List.of("HTTP/1.1 200 OK\r\na: " + "b".repeat(70_000) + "\r\n\r\n"));
    assertThatThrownBy(this::post).isInstanceOf(ProtocolException.class);
  }

  @Test
  void givesUpOnACollectorThatReadsNothing() throws IOException {
    for (int i = 0; i < 1_000_000; i++) {
      document.text("0123456789");
    }
    try (CollectorClient impatient = new CollectorClient("1", Duration.ofMillis(200))) {
      assertThatThrownBy(() -> impatient.post(endpoint("/"), document))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void beginsWithTlsWhereTheEndpointWantsIt() {
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(this::firstOctet);
    URI secured = URI.create("https://localhost:" + collector.getLocalPort() + "/");
    assertThatThrownBy(() -> client.post(secured, document)).isInstanceOf(IOException.class);
    assertThat(first.join()).as("a record of a handshake").isEqualTo(22);
  }

  private int firstOctet() {
    try (Socket socket = collector.accept()) {
      return socket.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

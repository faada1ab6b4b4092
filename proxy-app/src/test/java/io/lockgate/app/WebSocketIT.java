package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.WebSocketOrigin;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket between clients of both protocols and a server of HTTP/1.1. */
class WebSocketIT {
  private static final String HANDSHAKE =
      """
      GET %s HTTP/1.1
      Host: localhost
      Connection: keep-alive, Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

      """;
  private static final byte[] GOING_AWAY = {3, (byte) 0xe9};
  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  @TempDir static Path directory;
  private static Site site;
  private static ScriptedOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = WebSocketOrigin.start();
    proxy = site.start(Site.LISTENERS + hosts(""));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static String hosts(String more) {
    return """
    lockgate {
      upstreams { app { servers = ["%s"] } }
      hosts {
        "www.example.com" { routes = [ { path = "/", upstream = app } ] }
        "localhost" { listeners = [http], routes = [ { path = "/", upstream = app } ] }
      }
      %s
    }
    """
        .formatted(origin.address(), more);
  }

  private static RawClient handshake(LockgateProcess with, String path, String... more)
      throws IOException {
    return RawClient.connect(with.port("http"))
        .send(Site.wire(HANDSHAKE.formatted(path)) + String.join("", more));
  }

  private static HttpMessage answerTo(String path) throws IOException {
    try (RawClient client = handshake(proxy, path)) {
      return client.readResponse();
    }
  }

  @Nested
  class OverHttp1 {
    @Test
    void whatAClientSendsComesBackAsItWasSent() throws Exception {
      Heard heard = new Heard();
      WebSocket socket = open(heard);
      socket.sendText("one ", false).join();
      socket.sendText("message", true).join();
      assertThat(heard.next()).isEqualTo("text one message");
      socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2})).join();
      assertThat(heard.next()).isEqualTo("pong 2");
      byte[] large = new byte[2 << 20];
      Arrays.fill(large, (byte) 'x');
      socket.sendBinary(ByteBuffer.wrap(large), true).join();
      assertThat(heard.next()).isEqualTo("binary " + large.length);
      socket.sendClose(4321, "enough").join();
      assertThat(heard.next()).isEqualTo("close 4321 enough");
    }

    private WebSocket open(Heard heard) {
      return HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(URI.create("ws://localhost:" + proxy.port("http") + "/echo"), heard)
          .join();
    }

    @Test
    void theAnswerIsForTheClientsOwnKey() throws IOException {
      try (RawClient client = handshake(proxy, "/echo")) {
        HttpMessage head = client.readHead();
        assertThat(head.status()).isEqualTo(101);
        assertThat(head.field("Sec-WebSocket-Accept")).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(head.field("Upgrade")).contains("websocket");
        assertThat(head.field("Connection")).contains("Upgrade");
        assertThat(head.field("X-Kept")).contains("1");
      }
    }

    @Test
    void whatAServerSendsWithItsConsentArrives() throws IOException {
      try (RawClient client = handshake(proxy, "/speaks-first")) {
        client.readHead();
        assertThat(client.readUntilClosed()).isEqualTo(WebSocketOrigin.text("hello"));
      }
    }

    @Test
    void whatAClientSendsOverTlsAfterTheConsentComesBack() throws IOException {
      String request = Site.wire(HANDSHAKE.formatted("/echo").replace("localhost", Site.WWW));
      try (RawClient client = site.connect(proxy).send(request)) {
        assertThat(client.readHead().status()).isEqualTo(101);
        for (String text : List.of("one", "two")) {
          byte[] frame = WebSocketOrigin.masked(TEXT, text.getBytes(ISO_8859_1));
          client.send(new String(frame, ISO_8859_1));
          assertThat(new String(client.readExactly(5), ISO_8859_1))
              .isEqualTo(WebSocketOrigin.text(text));
        }
      }
    }

    @Test
    void framesSentTooEarlyWaitForTheConsent() throws IOException {
      String early =
          new String(WebSocketOrigin.masked(TEXT, "early".getBytes(ISO_8859_1)), ISO_8859_1);
      try (RawClient client = handshake(proxy, "/echo", early)) {
        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(new String(client.readExactly(7), ISO_8859_1))
            .isEqualTo(WebSocketOrigin.text("early"));
      }
    }

    @Test
    void aWebSocketIsCountedWhileItIsOpenAndAfterwards() throws IOException {
      try (RawClient client = handshake(proxy, "/echo")) {
        client.readHead();
        Patience.until("it is counted as open", () -> open() >= 1);
      }
      Patience.until("it is counted as closed", () -> open() == 0);
      Patience.until(
          "it is counted as a request",
          () -> proxy.metric("lockgate_http_requests_total", "code=\"101\"") >= 1);
    }

    private double open() {
      return proxy.metric("lockgate_http_websockets");
    }
  }

  @Nested
  class WhenAServerDoesNotAgree {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "/wrong-accept",
          "/no-accept",
          "/no-connection",
          "/other-protocol",
          "/with-length"
        })
    void anAnswerThatIsNotTheOneAskedForIs502(String path) throws IOException {
      assertThat(answerTo(path).status()).isEqualTo(502);
    }

    @Test
    void anAnswerInHttpLeavesTheConnectionAsItWas() throws IOException {
      try (RawClient client = handshake(proxy, "/plain")) {
        assertThat(client.readResponse().text()).isEqualTo("plain");
        client.send("GET /plain/next HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
    }

    @Test
    void whatAClientTookForFramesIsNeverARequest() throws IOException {
      String inside = "GET /inside HTTP/1.1\r\nHost: localhost\r\n\r\n";
      try (RawClient client = handshake(proxy, "/plain", inside)) {
        HttpMessage answer = client.readResponse();
        assertThat(answer.text()).isEqualTo("plain");
        assertThat(answer.field("Connection")).contains("close");
        client.expectClosed();
      }
      assertThat(origin.received()).doesNotContain("/inside");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Upgrade: h2c\r\nConnection: Upgrade",
          "Upgrade: websocket\r\nConnection: Upgrade",
          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: short",
          "Upgrade: websocket, h2c\r\nConnection: Upgrade"
              + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Upgrade: websocket\r\nUpgrade: h2c\r\nConnection: Upgrade"
              + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        })
    void aRequestForAnythingElseIsForwardedAsHttp(String fields) throws IOException {
      try (RawClient client = RawClient.connect(proxy.port("http"))) {
        client.send("GET /plain/odd HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
      assertThat(origin.received().toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("upgrade: h2c")
          .doesNotContain("upgrade: websocket, h2c");
    }
  }

  @Nested
  class OverHttp2 {
    private Http2Headers connect(String protocol, String path) {
      Http2Headers headers =
          new DefaultHttp2Headers(false)
              .method("CONNECT")
              .scheme("https")
              .authority(Site.WWW)
              .path(path);
      headers.set(":protocol", protocol).set("sec-websocket-version", "13");
      return headers;
    }

    private H2Client client() throws IOException {
      return H2Client.connect(site.client(Site.WWW), proxy.port("https"));
    }

    @Test
    void framesPassBothWaysAndTheEndOfTheServerEndsTheStream() throws IOException {
      try (H2Client client = client()) {
        int stream = client.request(connect("websocket", "/echo"), false);
        client.data(stream, WebSocketOrigin.masked(TEXT, "a".getBytes(ISO_8859_1)), false);
        H2Client.Stream answer = client.awaitContent(stream, 3);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("sec-websocket-accept")).isEmpty();
        assertThat(answer.field("upgrade")).isEmpty();
        assertThat(answer.text()).isEqualTo(WebSocketOrigin.text("a"));
        client.data(stream, WebSocketOrigin.masked(CLOSE, GOING_AWAY), false);
        client.await(stream);
        assertThat(answer.text()).endsWith(new String(GOING_AWAY, ISO_8859_1));
      }
    }

    @Test
    void theServerIsAskedInItsOwnProtocolWithAKeyOfOurs() throws IOException {
      try (H2Client client = client()) {
        int stream = client.request(connect("websocket", "/cut"), false);
        assertThat(client.await(stream).status()).isEqualTo(200);
      }
      assertThat(origin.received())
          .containsPattern("GET /cut HTTP/1.1\r\nHost: www.example.com\r\n")
          .containsPattern("Upgrade: websocket\r\nSec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\n");
    }

    @Test
    void isOfferedInTheSettings() throws IOException {
      try (H2Client client = client()) {
        client.roundTrip();
        assertThat(client.setting(8)).isEqualTo(1);
      }
    }

    @Test
    void anotherProtocolIs501() throws IOException {
      try (H2Client client = client()) {
        int stream = client.request(connect("connect-udp", "/echo"), false);
        assertThat(client.await(stream).status()).isEqualTo(501);
      }
    }

    @Test
    void anAnswerInHttpIsPassedOn() throws IOException {
      try (H2Client client = client()) {
        int stream = client.request(connect("websocket", "/plain"), false);
        assertThat(client.await(stream).text()).isEqualTo("plain");
        int next = client.get(Site.WWW, "/plain/next");
        assertThat(client.await(next).status()).isEqualTo(200);
      }
    }

    @Test
    void aConsentThatIsNotTheOneAskedForIs502() throws IOException {
      try (H2Client client = client()) {
        int stream = client.request(connect("websocket", "/wrong-accept"), false);
        assertThat(client.await(stream).status()).isEqualTo(502);
      }
    }
  }

  @Nested
  class WhenItHasToEnd {
    @TempDir Path own;

    private LockgateProcess start(String more) throws IOException {
      return Site.in(own).start(Site.LISTENERS + hosts(more));
    }

    @Test
    void oneThatIsIdleIsClosed() throws IOException {
      try (LockgateProcess brief = start("http { websocket { idle-timeout = 200ms } }");
          RawClient client = handshake(brief, "/echo")) {
        client.readHead();
        assertThat(client.readUntilClosed()).isEmpty();
      }
    }

    @Test
    void oneThatIsOpenWhenTheProxyStopsIsClosedByAHandshakeOfBothSides() throws IOException {
      try (LockgateProcess ending = start("");
          RawClient client = handshake(ending, "/echo")) {
        client.readHead();
        ending.terminate();
        assertThat(client.readExactly(4)).as("Close with 1001").containsExactly(0x88, 2, 3, 0xe9);
        client.send(WebSocketOrigin.masked(CLOSE, GOING_AWAY));
        assertThat(client.readUntilClosed()).isEmpty();
        assertThat(ending.awaitExit()).isZero();
      }
    }

    @Test
    void noneIsBegunWhereTheyAreSwitchedOff() throws IOException {
      try (LockgateProcess off = start("http { websocket { enabled = off } }");
          RawClient client = handshake(off, "/echo")) {
        assertThat(client.readResponse().status())
            .as("the server's 101 was not asked for")
            .isEqualTo(502);
      }
    }
  }

  /** What a client hears, message by message. */
  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private long binary;

    String next() throws InterruptedException {
      return messages.poll(Patience.USUAL.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add("text " + text);
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      binary += data.remaining();
      if (last) {
        messages.add("binary " + binary);
        binary = 0;
      }
      return WebSocket.Listener.super.onBinary(socket, data, last);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
      messages.add("pong " + data.remaining());
      return WebSocket.Listener.super.onPong(socket, data);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      messages.add("close " + code + " " + reason);
      return WebSocket.Listener.super.onClose(socket, code, reason);
    }
  }
}

package io.lockgate.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TlsClient;
import io.lockgate.testkit.WebSocketOrigin;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets whose connections are to end are closed as RFC 6455 section 7 has it. */
class WebSocketDrainTest {
  private static final String HOST = "www.example.com";
  private static final int CLOSE = 8;
  private static final byte[] GOING_AWAY = {3, (byte) 0xe9};
  private static final byte[] CLOSE_FRAME = {(byte) 0x88, 2, 3, (byte) 0xe9};

  @TempDir private Path directory;
  private final CountDownLatch told = new CountDownLatch(1);
  private ScriptedOrigin origin;
  private ProxyOnLoopback proxy;
  private TlsClient tls;

  @BeforeEach
  void start() throws Exception {
    TestCa ca = TestCa.root();
    ca.issue(HOST).writeTo(directory, "www");
    tls = TlsClient.trusting(ca.certificate()).withServerName(HOST);
    origin = ScriptedOrigin.playing(this::play);
    proxy =
        ProxyOnLoopback.start(directory, config("http { address = \"127.0.0.1:0\", tls = off }"));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  /** As any server of WebSocket, but for {@code /slow}, which speaks half a frame until told. */
  private void play(ScriptedOrigin.Peer peer) throws IOException {
    HttpMessage head = peer.readHead();
    WebSocketOrigin.agreeTo(head, peer);
    if (head.target().equals("/slow")) {
      String frame = WebSocketOrigin.text("in halves");
      peer.write(frame.substring(0, 6)).await(told);
      peer.write(frame.substring(6) + WebSocketOrigin.text("too late"));
    }
    WebSocketOrigin.echo(peer);
  }

  private String config(String listener) {
    return """
        lockgate {
          listeners { %s, https { address = "127.0.0.1:0" } }
          certificates { www { chain = "www.pem", key = "www.key" } }
          upstreams { app { servers = ["%s"] } }
          hosts { "www.example.com" { routes = [ { path = "/", upstream = app } ] } }
          access-log { format = off }
          runtime { event-loops = 1 }
        }
        """
        .formatted(listener, origin.address());
  }

  private RawClient open(String path) throws IOException {
    RawClient client = RawClient.connect(proxy.port("http"));
    client.send(
        """
        GET %s HTTP/1.1
        Host: www.example.com
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """
            .formatted(path)
            .replace("\n", "\r\n"));
    assertThat(client.readHead().status()).isEqualTo(101);
    return client;
  }

  private static Http2Headers connect() {
    Http2Headers headers =
        new DefaultHttp2Headers(false)
            .method("CONNECT")
            .scheme("https")
            .authority(HOST)
            .path("/echo");
    return headers.set(":protocol", "websocket").set("sec-websocket-version", "13");
  }

  @Test
  void aDrainEndsWithTheAnswerOfTheClient() throws Exception {
    try (RawClient client = open("/echo")) {
      var drained = proxy.proxy().drain().toCompletableFuture();
      assertThat(client.readExactly(4)).isEqualTo(CLOSE_FRAME);
      assertThat(drained).isNotDone();
      client.send(WebSocketOrigin.masked(CLOSE, GOING_AWAY));
      client.expectClosed();
      drained.join();
    }
    assertThat(origin.received()).as("the server heard it as well").contains("\u0088\u0082");
  }

  @Test
  void aFrameOfTheServerIsNotCutInTwo() throws Exception {
    String frame = WebSocketOrigin.text("in halves");
    // The list of connections is gone through from the newest to the oldest.
    try (RawClient oldest = open("/echo");
        RawClient client = open("/slow")) {
      assertThat(new String(client.readExactly(6), ISO_8859_1)).isEqualTo(frame.substring(0, 6));
      proxy.proxy().drain();
      assertThat(oldest.readExactly(4)).isEqualTo(CLOSE_FRAME);
      told.countDown();
      assertThat(new String(client.readExactly(frame.length() - 6), ISO_8859_1))
          .isEqualTo(frame.substring(6));
      assertThat(client.readExactly(4)).isEqualTo(CLOSE_FRAME);
      client.send(WebSocketOrigin.masked(CLOSE, GOING_AWAY));
      client.expectClosed();
    }
  }

  @Test
  void overHttp2TheStreamEndsAndTheOthersGoOn() throws Exception {
    try (H2Client client = H2Client.connect(tls, proxy.port("https"))) {
      int stream = client.request(connect(), false);
      assertThat(client.awaitHead(stream).status()).isEqualTo(200);
      proxy.proxy().drain();
      assertThat(client.awaitContent(stream, 4).text())
          .isEqualTo(new String(CLOSE_FRAME, ISO_8859_1));
      client.data(stream, WebSocketOrigin.masked(CLOSE, GOING_AWAY), false);
      assertThat(client.await(stream).resetCode().orElse(0)).isZero();
      assertThat(client.awaitGoAway().errorCode()).isZero();
    }
  }

  @Test
  void aListenerThatAReloadTakesAwayClosesThoseThatCameByIt() throws Exception {
    try (RawClient client = open("/echo");
        H2Client other = H2Client.connect(tls, proxy.port("https"))) {
      int stream = other.request(connect(), false);
      other.awaitHead(stream);
      proxy.configure(config("other { address = \"127.0.0.1:0\", tls = off }"));
      assertThat(proxy.proxy().reload("test").problems()).isEmpty();
      assertThat(client.readExactly(4)).isEqualTo(CLOSE_FRAME);
      client.send(WebSocketOrigin.masked(CLOSE, GOING_AWAY));
      client.expectClosed();
      byte[] text = WebSocketOrigin.masked(1, "on".getBytes(ISO_8859_1));
      other.data(stream, text, false);
      assertThat(other.awaitContent(stream, 4).text()).isEqualTo(WebSocketOrigin.text("on"));
    }
  }
}

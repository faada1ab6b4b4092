package io.lockgate.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TlsClient;
import io.lockgate.testkit.TlsSide;
import io.lockgate.testkit.WebSocketOrigin;
import io.lockgate.upstream.Http2Peer;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets to servers of HTTP/2, of which some take them and some do not (RFC 8441). */
class WebSocketUpstreamTest {
  private static final String HOST = "www.example.com";
  private static final int TEXT = 1;
  private static final int DATA = 0;
  private static final int ENABLE_CONNECT_PROTOCOL = 8;

  @TempDir private static Path directory;
  private static final List<String> asked = new CopyOnWriteArrayList<>();
  private static ScriptedOrigin willing;
  private static ScriptedOrigin reluctant;
  private static ScriptedOrigin stubborn;
  private static ProxyOnLoopback proxy;
  private static TlsClient tls;

  @BeforeAll
  static void start() throws Exception {
    TestCa ca = TestCa.root();
    ca.issue(HOST).writeTo(directory, "www");
    tls = TlsClient.trusting(ca.certificate()).withServerName(HOST);
    TestCa inside = TestCa.root();
    inside.writeRoot(directory.resolve("inside.pem"));
    TlsSide server = TlsSide.of(inside.issue("app.internal"));
    willing =
        ScriptedOrigin.playing(
            server.alpn("h2", "http/1.1"), peer -> serve(peer, ENABLE_CONNECT_PROTOCOL, 1));
    reluctant =
        ScriptedOrigin.playing(
            server.alpn("h2", "http/1.1"), peer -> serve(peer, ENABLE_CONNECT_PROTOCOL, 0));
    stubborn = ScriptedOrigin.playing(server.alpn("h2"), peer -> serve(peer));
    proxy = ProxyOnLoopback.start(directory, config());
  }

  private static String config() {
    return """
    lockgate {
      listeners {
        http { address = "127.0.0.1:0", tls = off }
        https { address = "127.0.0.1:0" }
      }
      certificates { www { chain = "www.pem", key = "www.key" } }
      upstreams {
        willing { servers = ["%1$s"], protocol = auto, tls { server-name = app.internal, trust = "inside.pem" } }
        reluctant { servers = ["%2$s"], protocol = auto, tls { server-name = app.internal, trust = "inside.pem" } }
        held { servers = ["%2$s"], protocol = h2, tls { server-name = app.internal, trust = "inside.pem" } }
        stubborn { servers = ["%3$s"], protocol = auto, tls { server-name = app.internal, trust = "inside.pem" } }
      }
      hosts { "www.example.com" { routes = [
        { path = "/willing", upstream = willing }
        { path = "/reluctant", upstream = reluctant }
        { path = "/held", upstream = held }
        { path = "/stubborn", upstream = stubborn }
      ] } }
      access-log { format = off }
      runtime { event-loops = 1 }
    }
    """
        .formatted(willing.address(), reluctant.address(), stubborn.address());
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    willing.close();
    reluctant.close();
    stubborn.close();
  }

  // ---- the servers

  private static void serve(ScriptedOrigin.Peer peer, int... settings) throws IOException {
    if (peer.tls().getApplicationProtocol().equals("h2")) {
      serveHttp2(Http2Peer.greet(peer, settings));
      return;
    }
    HttpMessage head = peer.readHead();
    asked.add("http/1.1 " + head.method() + " " + head.target());
    WebSocketOrigin.agreeTo(head, peer);
    WebSocketOrigin.echo(peer);
  }

  /** Says what it gets over a WebSocket without its mask, which changes nothing here. */
  private static void serveHttp2(Http2Peer h2) throws IOException {
    try {
      while (true) {
        Http2Peer.Frame request = h2.request();
        Http2Headers head = h2.decode(request);
        CharSequence protocol = head.get(":protocol");
        asked.add(
            "h2 " + head.method() + " " + head.path() + (protocol == null ? "" : " " + protocol));
        if (protocol == null) {
          h2.ok(request.stream());
        } else {
          h2.headers(request.stream(), false, ":status", "200");
          Http2Peer.Frame message = h2.next(DATA);
          h2.data(request.stream(), false, WebSocketOrigin.text(message.text().substring(6)));
        }
      }
    } catch (EOFException left) {
      // Nobody asks any more.
    }
  }

  // ---- the clients

  private static RawClient handshake(String path) throws IOException {
    return RawClient.connect(proxy.port("http"))
        .send(
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
  }

  private static int connect(H2Client client, String path) throws IOException {
    Http2Headers headers =
        new DefaultHttp2Headers(false).method("CONNECT").scheme("https").authority(HOST).path(path);
    headers.set(":protocol", "websocket").set("sec-websocket-version", "13");
    return client.request(headers, false);
  }

  private static byte[] message(String text) {
    return WebSocketOrigin.masked(TEXT, text.getBytes(ISO_8859_1));
  }

  // ---- what is proved

  @ParameterizedTest
  @ValueSource(strings = {"/willing/h1, h2 CONNECT", "/reluctant/h1, http/1.1 GET"})
  void aClientOfHttp1IsServedByEither(String pathAndRequest) throws IOException {
    String path = pathAndRequest.split(", ")[0];
    try (RawClient client = handshake(path)) {
      HttpMessage consent = client.readHead();
      assertThat(consent.status()).isEqualTo(101);
      assertThat(consent.field("Sec-WebSocket-Accept")).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      client.send(message("hello"));
      assertThat(new String(client.readExactly(7), ISO_8859_1))
          .isEqualTo(WebSocketOrigin.text("hello"));
    }
    assertThat(asked)
        .anyMatch(request -> request.startsWith(pathAndRequest.split(", ")[1] + " " + path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/willing/h2, h2 CONNECT", "/reluctant/h2, http/1.1 GET"})
  void aClientOfHttp2IsServedByEither(String pathAndRequest) throws IOException {
    String path = pathAndRequest.split(", ")[0];
    try (H2Client client = H2Client.connect(tls, proxy.port("https"))) {
      int stream = connect(client, path);
      assertThat(client.awaitHead(stream).status()).isEqualTo(200);
      client.data(stream, message("hello"), false);
      assertThat(client.awaitContent(stream, 7).text()).isEqualTo(WebSocketOrigin.text("hello"));
    }
    assertThat(asked)
        .anyMatch(request -> request.startsWith(pathAndRequest.split(", ")[1] + " " + path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/held", "/stubborn"})
  void aServerThatIsNotToSpeakHttp1IsNotMadeTo(String path) throws IOException {
    try (RawClient client = handshake(path)) {
      HttpMessage answer = client.readResponse();
      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.text()).contains("the server takes no WebSocket over HTTP/2");
    }
    assertThat(asked).noneMatch(request -> request.contains(path) && !request.contains("/next"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/held", "/stubborn"})
  void aServerThatTakesNoWebSocketIsNoneTheWorseForBeingAsked(String path) throws IOException {
    for (int i = 0; i < 10; i++) {
      try (RawClient client = handshake(path)) {
        assertThat(client.readResponse().status()).isEqualTo(501);
      }
    }
    try (H2Client client = H2Client.connect(tls, proxy.port("https"))) {
      int next = client.get(HOST, path + "/next");
      assertThat(client.await(next).status()).isEqualTo(200);
    }
  }

  @Test
  void theConnectionOfOthersIsLeftAlone() throws IOException {
    try (H2Client client = H2Client.connect(tls, proxy.port("https"))) {
      client.await(client.get(HOST, "/reluctant/before"));
      int before = reluctant.connections();
      int stream = connect(client, "/reluctant/between");
      client.awaitHead(stream);
      assertThat(client.await(client.get(HOST, "/reluctant/after")).text()).isEqualTo("ok");
      assertThat(reluctant.connections()).as("one more, for the WebSocket").isEqualTo(before + 1);
    }
  }
}

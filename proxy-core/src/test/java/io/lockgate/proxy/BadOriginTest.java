package io.lockgate.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.ScriptedOrigin.Script;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TlsSide;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One row for every bad manner of a server: the client gets the right answer in bounded time,
 * whoever is served by another upstream on the same event loop does not notice, and nothing is left
 * behind.
 */
class BadOriginTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final TestCa CA = TestCa.root();
  private static final TestCa STRANGER = TestCa.root("Stranger CA", TestKey.EC_P256);
  private static final CountDownLatch END = new CountDownLatch(1);

  /** For waits that the test is about; a request is tried once. */
  private static final String IMPATIENT =
      "connect-timeout = 500ms, response-timeout = 500ms, retry.attempts = 0";

  /** For origins that a busy machine must not make late. */
  private static final String PATIENT = "connect-timeout = 20s, retry.attempts = 0";

  private static final String VERIFIED = "tls { server-name = app.internal, trust = \"ca.pem\" }";

  /** By name, in order. */
  private static final Map<String, Row> ROWS = new LinkedHashMap<>();

  static {
    row("never answers", 504, peer -> peer.await(END));
    row("answers byte by byte", 200, peer -> slowly(peer, OK));
    row(
        "begins a head and never ends it",
        504,
        peer -> after(peer, "HTTP/1.1 200 OK\r\nA").await(END));
    row("closes at once", 502, ScriptedOrigin.Peer::close);
    row("resets at once", 502, ScriptedOrigin.Peer::reset);
    row("closes instead of an answer", 502, ScriptedOrigin.Peer::readRequest);
    row("resets instead of an answer", 502, peer -> after(peer, "").reset());
    row("resets in the head", 502, peer -> after(peer, "HTTP/1.1 200 O").reset());
    row("closes in the head", 502, peer -> after(peer, "HTTP/1.1 200 OK\r\nA: b").close());
    broken("resets in the content", peer -> after(peer, begun()).reset());
    broken("closes in the content", peer -> after(peer, begun()).close());
    ROWS.put(
        "stops in the content",
        new Row(
            0,
            Optional.of(() -> ScriptedOrigin.playing(peer -> after(peer, begun()).await(END))),
            IMPATIENT));
    broken("closes in a chunk", peer -> after(peer, chunked() + "5\r\nha").close());
    broken("sends garbage for a chunk", peer -> after(peer, chunked() + "xyz\r\n").await(END));
    row("sends garbage", 502, peer -> after(peer, "\0\1\2 no HTTP\r\n\r\n").await(END));
    row("sends a head without end", 502, BadOriginTest::endlessHead);
    row(
        "sends two lengths",
        502,
        peer ->
            after(peer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk")
                .await(END));
    row("closes idle connections when they are used again", 200, BadOriginTest::closeOnReuse);
    row("resets idle connections when they are used again", 200, BadOriginTest::resetOnReuse);
    secured("shows a certificate that has expired", CA.leaf("app.internal").expired().issue());
    secured("shows a certificate of another name", CA.issue("other.internal"));
    secured("shows a certificate of a stranger", STRANGER.issue("app.internal"));
    tls("speaks no TLS", 502, peer -> after(peer, OK).await(END));
    tls("never answers the hello", 504, peer -> peer.await(END));
    tls(
        "closes in the handshake",
        502,
        peer -> {
          peer.readExactly(5);
          peer.close();
        });
    tls(
        "resets in the handshake",
        502,
        peer -> {
          peer.readExactly(5);
          peer.reset();
        });
    ROWS.put("refuses connections", new Row(502, Optional.empty(), PATIENT));
    ROWS.put("has a name that nobody knows", new Row(502, Optional.empty(), PATIENT));
  }

  @TempDir private static Path directory;
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static ProxyOnLoopback proxy;

  /**
   * @param status 0 where a good head is followed by content that breaks off
   * @param origin empty where there is none
   */
  private record Row(int status, Optional<Origin> origin, String terms) {}

  private interface Origin {
    ScriptedOrigin start() throws IOException;
  }

  private static void row(String manner, int status, Script script) {
    ROWS.put(
        manner, new Row(status, Optional.of(() -> ScriptedOrigin.playing(script)), terms(status)));
  }

  private static void broken(String manner, Script script) {
    row(manner, 0, script);
  }

  private static void tls(String manner, int status, Script script) {
    ROWS.put(
        manner,
        new Row(
            status,
            Optional.of(() -> ScriptedOrigin.playing(script)),
            terms(status) + ", " + VERIFIED));
  }

  private static void secured(String manner, TestIdentity identity) {
    ROWS.put(
        manner,
        new Row(
            502,
            Optional.of(() -> ScriptedOrigin.answering(TlsSide.of(identity), OK)),
            PATIENT + ", " + VERIFIED));
  }

  private static String terms(int status) {
    return status == 504 ? IMPATIENT : PATIENT;
  }

  private static String begun() {
    return "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nhalf";
  }

  private static String chunked() {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  private static ScriptedOrigin.Peer after(ScriptedOrigin.Peer peer, String answer)
      throws IOException {
    peer.readRequest();
    return peer.write(answer);
  }

  private static void slowly(ScriptedOrigin.Peer peer, String answer) throws IOException {
    while (peer.hasRequest()) {
      for (byte octet : answer.getBytes(ISO_8859_1)) {
        peer.write(new byte[] {octet});
      }
    }
  }

  private static void endlessHead(ScriptedOrigin.Peer peer) throws IOException {
    after(peer, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 10_000; i++) {
      peer.write("a" + i + ": " + "b".repeat(50) + "\r\n");
    }
  }

  private static void closeOnReuse(ScriptedOrigin.Peer peer) throws IOException {
    after(peer, OK).readRequest();
  }

  private static void resetOnReuse(ScriptedOrigin.Peer peer) throws IOException {
    after(peer, OK).readExactly(1);
    peer.reset();
  }

  @BeforeAll
  static void start() throws Exception {
    CA.writeRoot(directory.resolve("ca.pem"));
    ScriptedOrigin good = ScriptedOrigin.answering(OK);
    OPEN.add(good);
    StringBuilder upstreams = new StringBuilder();
    StringBuilder routes = new StringBuilder();
    int number = 0;
    for (Map.Entry<String, Row> row : ROWS.entrySet()) {
      String name = "bad-" + number++;
      upstreams.append(
          "%s { servers = [\"%s\"], %s }%n"
              .formatted(name, address(row.getKey(), row.getValue()), row.getValue().terms()));
      routes.append("{ path = \"/%s\", upstream = %s }%n".formatted(name, name));
    }
    proxy =
        ProxyOnLoopback.start(
            directory,
            """
        lockgate {
          listeners { http { address = "127.0.0.1:0", tls = off } }
          upstreams {
            %s
            good { servers = ["%s"] }
          }
          hosts { "a.example" { routes = [
            %s
            { path = "/good", upstream = good }
          ] } }
          access-log { format = off }
          runtime { event-loops = 1 }
        }
        """
                .formatted(upstreams, good.address(), routes));
  }

  private static String address(String manner, Row row) throws IOException {
    if (row.origin().isPresent()) {
      ScriptedOrigin origin = row.origin().get().start();
      OPEN.add(origin);
      return origin.address();
    }
    if (manner.contains("name")) {
      return "no-such-name.invalid:80";
    }
    try (ServerSocket gone = new ServerSocket(0)) {
      return "127.0.0.1:" + gone.getLocalPort();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    END.countDown();
    proxy.close();
    for (AutoCloseable each : OPEN) {
      each.close();
    }
  }

  static Stream<String> manners() {
    return ROWS.keySet().stream();
  }

  private static RawClient client() throws IOException {
    return RawClient.connect(proxy.port("http"));
  }

  private static String get(String upstream) {
    return "GET /" + upstream + " HTTP/1.1\r\nHost: a.example\r\n\r\n";
  }

  private static UpstreamView.ServerView server(String upstream) {
    return proxy.proxy().upstreams().stream()
        .filter(view -> view.name().equals(upstream))
        .findFirst()
        .orElseThrow()
        .servers()
        .get(0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("manners")
  void anOriginThat(String manner) throws IOException {
    String upstream = "bad-" + List.copyOf(ROWS.keySet()).indexOf(manner);
    int status = ROWS.get(manner).status();
    int times = ROWS.get(manner).terms().startsWith(IMPATIENT) ? 1 : 3;
    for (int i = 0; i < times; i++) {
      try (RawClient client = client();
          RawClient neighbour = client()) {
        client.send(get(upstream));
        assertThat(neighbour.send(get("good")).readResponse().text()).isEqualTo("ok");
        if (status == 0) {
          // Where all comes at once nothing has left yet, and nothing will.
          assertThat(client.readUntilClosed())
              .as("never ended in order")
              .matches("(?s)|HTTP/1.1 200 .*")
              .doesNotContain("0\r\n\r\n");
        } else {
          assertThat(client.readResponse().status()).isEqualTo(status);
        }
      }
    }
    Patience.until(
        "nothing is left of it",
        () -> server(upstream),
        left -> left.active() == 0 && left.inFlight() == 0 && (status == 200 || left.idle() == 0));
    assertThat(server("good").state()).isEqualTo("ready");
  }
}

package io.lockgate.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TlsClient;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What HTTP offers beside plain requests and answers, through the whole proxy on real sockets. */
class HttpFeaturesTest {
  private static final String HOST = "www.example.com";
  private static final String FILE = "0123456789abcdefghijklmnopqrstuvwxyz";

  @TempDir private static Path directory;
  private static ScriptedOrigin origin;
  private static ProxyOnLoopback proxy;
  private static TlsClient tls;

  /** Counted down by a client that has seen what came first. */
  private static volatile CountDownLatch seen = new CountDownLatch(1);

  @BeforeAll
  static void start() throws Exception {
    TestCa ca = TestCa.root();
    ca.issue(HOST).writeTo(directory, "www");
    tls = TlsClient.trusting(ca.certificate()).withServerName(HOST);
    origin = ScriptedOrigin.playing(HttpFeaturesTest::play);
    proxy =
        ProxyOnLoopback.start(
            directory,
            """
        lockgate {
          listeners {
            http { address = "127.0.0.1:0", tls = off }
            https { address = "127.0.0.1:0" }
          }
          certificates { www { chain = "www.pem", key = "www.key" } }
          upstreams { app { servers = ["%s"] } }
          hosts { "www.example.com" { routes = [
            { path = "/events", upstream = app, compression = on }
            { path = "/", upstream = app }
          ] } }
          access-log { format = off }
          runtime { event-loops = 1 }
        }
        """
                .formatted(origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static void play(ScriptedOrigin.Peer peer) throws IOException {
    for (HttpMessage head = peer.readHead(); ; head = peer.readHead()) {
      switch (head.target()) {
        case "/hints" -> {
          peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
          peer.write("HTTP/1.1 102 Processing\r\n\r\n");
          answer(peer, "ok");
        }
        case "/events" -> {
          peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
          peer.write("Transfer-Encoding: chunked\r\n\r\n");
          peer.write("d\r\ndata: first\n\n\r\n");
          peer.await(seen).write("e\r\ndata: second\n\n\r\n0\r\n\r\n");
        }
        case "/upload" -> {
          peer.write("HTTP/1.1 100 Continue\r\n\r\n");
          answer(peer, new String(peer.readContent(head), ISO_8859_1));
        }
        case "/refused" -> peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        case "/file" -> part(peer, head);
        default -> answer(peer, head.field("Max-Forwards").orElse("none"));
      }
    }
  }

  private static void answer(ScriptedOrigin.Peer peer, String content) throws IOException {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content);
  }

  /** As a server of files does: one range, or none that there is. */
  private static void part(ScriptedOrigin.Peer peer, HttpMessage head) throws IOException {
    String size = Integer.toString(FILE.length());
    String fields = "Accept-Ranges: bytes\r\nETag: \"v1\"\r\n";
    String range = head.field("Range").orElse("");
    boolean whole = range.isEmpty() || !head.field("If-Range").orElse("\"v1\"").equals("\"v1\"");
    if (whole) {
      peer.write("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + size + "\r\n\r\n");
      peer.write(head.method().equals("HEAD") ? "" : FILE);
    } else if (range.equals("bytes=10-19")) {
      peer.write("HTTP/1.1 206 Partial Content\r\n" + fields);
      peer.write("Content-Range: bytes 10-19/" + size + "\r\nContent-Length: 10\r\n\r\n");
      peer.write(FILE.substring(10, 20));
    } else {
      peer.write("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */" + size);
      peer.write("\r\nContent-Length: 0\r\n\r\n");
    }
  }

  private static RawClient client() throws IOException {
    return RawClient.connect(proxy.port("http"));
  }

  private static H2Client http2() throws IOException {
    return H2Client.connect(tls, proxy.port("https"));
  }

  private static String head(String start, String... fields) {
    StringBuilder text = new StringBuilder(start + "\r\nHost: " + HOST + "\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  private static HttpMessage exchange(String start, String... fields) throws IOException {
    try (RawClient client = client()) {
      return client.send(head(start, fields)).readResponse();
    }
  }

  private static Http2Headers fields(String method, String path) {
    return new DefaultHttp2Headers(false).method(method).scheme("https").authority(HOST).path(path);
  }

  /** RFC 9110 section 7.6.2. */
  @Nested
  class MaxForwards {
    @Test
    void ofZeroIsAnsweredHere() throws IOException {
      HttpMessage answer = exchange("OPTIONS /zero HTTP/1.1", "Max-Forwards: 0");
      assertThat(answer.status()).isEqualTo(204);
      assertThat(origin.received()).doesNotContain("/zero");
    }

    @ParameterizedTest
    @CsvSource({
      "1, 0",
      "10, 9",
      "007, 6",
      "99999999999999999999, 999",
      "many, many",
      "-1, -1",
    })
    void isLessByOneForTheServer(String said, String passedOn) throws IOException {
      assertThat(exchange("OPTIONS /x HTTP/1.1", "Max-Forwards: " + said).text())
          .isEqualTo(passedOn);
    }

    @Test
    void meansNothingWithOtherMethods() throws IOException {
      assertThat(exchange("GET /x HTTP/1.1", "Max-Forwards: 0").text()).isEqualTo("0");
    }

    @Test
    void isNoReasonToAnswerTrace() throws IOException {
      assertThat(exchange("TRACE /x HTTP/1.1", "Max-Forwards: 0").status()).isEqualTo(405);
    }
  }

  @Nested
  class InterimResponses {
    @Test
    void reachAnHttp11Client() throws IOException {
      try (RawClient client = client()) {
        HttpMessage hints = client.send(head("GET /hints HTTP/1.1")).readResponse();
        assertThat(hints.status()).isEqualTo(103);
        assertThat(hints.field("Link")).hasValue("</a.css>; rel=preload");
        assertThat(client.readResponse().status()).isEqualTo(102);
        assertThat(client.readResponse().text()).isEqualTo("ok");
      }
    }

    @Test
    void reachAnHttp2Client() throws IOException {
      try (H2Client client = http2()) {
        H2Client.Stream answer = client.await(client.get(HOST, "/hints"));
        assertThat(answer.statuses()).containsExactly("103", "102", "200");
        assertThat(answer.text()).isEqualTo("ok");
      }
    }

    @Test
    void areKeptFromAnHttp10Client() throws IOException {
      try (RawClient client = client()) {
        HttpMessage answer = client.send(head("GET /hints HTTP/1.0")).readResponse();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("ok");
      }
    }
  }

  @Nested
  class ServerSentEvents {
    @Test
    void reachAnHttp11ClientBeforeTheNextIsMade() throws IOException {
      seen = new CountDownLatch(1);
      try (RawClient client = client()) {
        client.send(head("GET /events HTTP/1.1")).readHead();
        assertThat(new String(client.readExactly(18), ISO_8859_1)).contains("data: first\n\n");
        seen.countDown();
        client.readExactly(19);
      }
    }

    @Test
    void reachAnHttp2ClientBeforeTheNextIsMade() throws IOException {
      seen = new CountDownLatch(1);
      try (H2Client client = http2()) {
        int stream = client.get(HOST, "/events");
        assertThat(client.awaitContent(stream, 13).text()).isEqualTo("data: first\n\n");
        seen.countDown();
        assertThat(client.await(stream).text()).endsWith("data: second\n\n");
      }
    }

    /** What has been written can be decoded at once, which the tests of the encoders go into. */
    @Test
    void areNotHeldBackByCompressionEither() throws IOException {
      seen = new CountDownLatch(1);
      try (H2Client client = http2()) {
        int stream = client.request(fields("GET", "/events").set("accept-encoding", "gzip"), true);
        H2Client.Stream answer = client.awaitContent(stream, 20);
        assertThat(answer.field("content-encoding")).contains("gzip");
        seen.countDown();
        client.await(stream);
      }
    }
  }

  /** RFC 9110 section 10.1.1. */
  @Nested
  class Expectations {
    private static final String[] UPLOAD = {"Expect: 100-continue", "Content-Length: 5"};

    @Test
    void areMetByTheServer() throws IOException {
      try (RawClient client = client()) {
        client.send(head("POST /upload HTTP/1.1", UPLOAD));
        assertThat(client.readResponse().status()).isEqualTo(100);
        assertThat(client.send("hello").readResponse().text()).isEqualTo("hello");
        client.send(head("GET /next HTTP/1.1"));
        assertThat(client.readResponse().status()).as("of the next request").isEqualTo(200);
      }
    }

    @Test
    void areMetByTheServerOverHttp2() throws IOException {
      try (H2Client client = http2()) {
        int stream = client.request(fields("POST", "/upload").set("expect", "100-continue"), false);
        client.awaitHead(stream);
        client.data(stream, "hello".getBytes(ISO_8859_1), true);
        H2Client.Stream answer = client.await(stream);
        assertThat(answer.statuses()).containsExactly("100", "200");
        assertThat(answer.text()).isEqualTo("hello");
      }
    }

    /** The client may send the content after all or not; nobody could tell it from a request. */
    @Test
    void refusedEndTheConnectionAfterTheAnswer() throws IOException {
      try (RawClient client = client()) {
        client.send(head("POST /refused HTTP/1.1", UPLOAD));
        HttpMessage answer = client.readResponse();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).isEqualTo("no");
        assertThat(answer.connectionHas("close")).isTrue();
        client.sendWhileOpen(head("GET /smuggled HTTP/1.1").getBytes(ISO_8859_1));
        client.expectClosed();
      }
      assertThat(origin.received()).doesNotContain("/smuggled");
    }

    @Test
    void refusedEndTheStreamAlone() throws IOException {
      try (H2Client client = http2()) {
        int stream =
            client.request(fields("POST", "/refused").set("expect", "100-continue"), false);
        H2Client.Stream answer = client.await(stream);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).isEqualTo("no");
        assertThat(client.await(client.get(HOST, "/next")).status()).isEqualTo(200);
      }
    }

    @Test
    void ofAnythingElseAreRefused() throws IOException {
      assertThat(exchange("GET / HTTP/1.1", "Expect: tea").status()).isEqualTo(417);
    }
  }

  /** RFC 9110 section 14. */
  @Nested
  class Ranges {
    @Test
    void comeAsTheServerCutsThem() throws IOException {
      HttpMessage part = exchange("GET /file HTTP/1.1", "Range: bytes=10-19");
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.field("Content-Range")).hasValue("bytes 10-19/36");
      assertThat(part.field("Accept-Ranges")).hasValue("bytes");
      assertThat(part.text()).isEqualTo("abcdefghij");
    }

    @Test
    void comeTheSameOverHttp2() throws IOException {
      try (H2Client client = http2()) {
        int stream = client.request(fields("GET", "/file").set("range", "bytes=10-19"), true);
        H2Client.Stream part = client.await(stream);
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.field("content-range")).contains("bytes 10-19/36");
        assertThat(part.text()).isEqualTo("abcdefghij");
      }
    }

    @Test
    void thatThereAreNotAreTheServersToRefuse() throws IOException {
      HttpMessage refusal = exchange("GET /file HTTP/1.1", "Range: bytes=90-99");
      assertThat(refusal.status()).isEqualTo(416);
      assertThat(refusal.field("Content-Range")).hasValue("bytes */36");
    }

    @Test
    void ofAnotherVersionAreAnsweredWithTheWhole() throws IOException {
      HttpMessage whole = exchange("GET /file HTTP/1.1", "Range: bytes=10-19", "If-Range: \"v0\"");
      assertThat(whole.status()).isEqualTo(200);
      assertThat(whole.text()).isEqualTo(FILE);
    }
  }

  @Nested
  class Head {
    @Test
    void tellsTheLengthAndSendsNothing() throws IOException {
      try (RawClient client = client()) {
        HttpMessage answer = client.send(head("HEAD /file HTTP/1.1")).readResponseToHead();
        assertThat(answer.field("Content-Length")).hasValue("36");
        client.send(head("GET /next HTTP/1.1"));
        assertThat(client.readResponse().status()).as("of the next request").isEqualTo(200);
      }
    }

    @Test
    void tellsTheLengthOverHttp2() throws IOException {
      try (H2Client client = http2()) {
        H2Client.Stream answer = client.await(client.request(fields("HEAD", "/file"), true));
        assertThat(answer.field("content-length")).contains("36");
        assertThat(answer.text()).isEmpty();
      }
    }
  }
}

package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two parsers could read differently. They are refused and the connection is closed,
 * and nothing of what came after them is ever taken for a request.
 */
class RequestFramingIT {
  private static final String HOST = "Host: www.example.com\r\n";

  /** Asks for a close, so that a proxy that takes it for a request fails the test at once. */
  private static final String SMUGGLED =
      "GET /smuggled HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";

  @TempDir static Path directory;
  private static Site site;
  private static ScriptedOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    proxy = site.start(Site.forwardingTo(origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static Arguments row(String section, String what, String request) {
    return Arguments.of(section, what, request);
  }

  private static String get(String target, String fields) {
    return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
  }

  private static String post(String fields, String body) {
    return "POST /mark HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        row(
            "RFC 9112 6.3",
            "length and coding",
            post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        row(
            "RFC 9112 6.3",
            "coding and length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n")),
        row(
            "RFC 9112 6.3",
            "two lengths that differ",
            post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")),
        row(
            "RFC 9112 6.3",
            "two lengths that agree",
            post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
        row("RFC 9112 6.3", "a list of lengths", post("Content-Length: 5, 5\r\n", "hello")),
        row("RFC 9112 6.3", "a signed length", post("Content-Length: +5\r\n", "hello")),
        row("RFC 9112 6.3", "a negative length", post("Content-Length: -5\r\n", "hello")),
        row("RFC 9112 6.3", "a length in hex", post("Content-Length: 0x5\r\n", "hello")),
        row("RFC 9112 6.3", "an empty length", post("Content-Length: \r\n", "hello")),
        row(
            "RFC 9112 6.3",
            "a length beyond all numbers",
            post("Content-Length: 99999999999999999999\r\n", "hello")),
        row(
            "RFC 9112 6.1",
            "two codings",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        row(
            "RFC 9112 6.1",
            "chunked that is not last",
            post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")),
        row("RFC 9112 6.1", "nearly chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
        row(
            "RFC 9112 6.1",
            "coding in HTTP/1.0",
            "POST /mark HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        row(
            "RFC 9112 2.2",
            "bare LF after the request line",
            "GET /mark HTTP/1.1\n" + HOST + "\r\n"),
        row("RFC 9112 2.2", "bare LF after a field", get("/mark", HOST + "X-A: 1\n")),
        row("RFC 9112 2.2", "bare CR in a field", get("/mark", HOST + "X-A: 1\rX-B: 2\r\n")),
        row("RFC 9112 5.1", "space before the colon", get("/mark", HOST + "X-A : 1\r\n")),
        row("RFC 9112 5.1", "tab before the colon", get("/mark", HOST + "X-A\t: 1\r\n")),
        row("RFC 9112 5.2", "a folded field", get("/mark", HOST + "X-A: 1\r\n 2\r\n")),
        row("RFC 9112 2.2", "space before the first field", get("/mark", " " + HOST)),
        row("RFC 9112 5", "a field without a colon", get("/mark", HOST + "X-A\r\n")),
        row("RFC 9110 5.1", "an empty field name", get("/mark", HOST + ": 1\r\n")),
        row("RFC 9110 5.5", "NUL in a value", get("/mark", HOST + "X-A: a\0b\r\n")),
        row("RFC 9110 5.5", "a control character in a value", get("/mark", HOST + "X-A: a\1b\r\n")),
        row("RFC 9110 5.1", "a control character in a name", get("/mark", HOST + "X\1A: b\r\n")),
        row("RFC 9112 3.2", "no Host", get("/mark", "X-A: 1\r\n")),
        row("RFC 9112 3.2", "two Hosts", get("/mark", HOST + "Host: evil.example\r\n")),
        row("RFC 9112 3.2", "the same Host twice", get("/mark", HOST + HOST)),
        row("RFC 9112 3.2", "a Host that is none", get("/mark", "Host: www.example.com/x\r\n")),
        row("RFC 9112 3.2", "user info in Host", get("/mark", "Host: a@www.example.com\r\n")),
        row("RFC 9112 3.2", "an empty Host", get("/mark", "Host: \r\n")),
        row(
            "RFC 9112 3.2.2",
            "absolute-form of another authority",
            get("https://evil.example/mark", HOST)),
        row("RFC 9112 3.2", "a target without a slash", get("mark", HOST)),
        row("RFC 9112 3", "a space in the target", get("/mark /x", HOST)),
        row("RFC 9112 3", "a tab in the request line", "GET\t/mark\tHTTP/1.1\r\n" + HOST + "\r\n"),
        row("RFC 9112 3", "NUL in the target", get("/ma\0rk", HOST)),
        row("RFC 9112 3", "two spaces", "GET  /mark HTTP/1.1\r\n" + HOST + "\r\n"),
        row("RFC 9112 3", "no version", "GET /mark\r\n" + HOST + "\r\n"),
        row("RFC 9112 2.3", "a version in lower case", "GET /mark http/1.1\r\n" + HOST + "\r\n"),
        row(
            "RFC 9110 9.1",
            "a method that is no token",
            "GE(T /mark HTTP/1.1\r\n" + HOST + "\r\n"));
  }

  @ParameterizedTest(name = "{1} ({0})")
  @MethodSource("heads")
  void ambiguousHeadIsRefusedClosedAndNeverForwarded(String section, String what, String request)
      throws IOException {
    String before = origin.received();
    String answer = answerTo(request + SMUGGLED);
    assertThat(origin.received()).as(what + " never reaches the origin").isEqualTo(before);
    assertThat(answer).as("refused once: " + what).matches("(?s)HTTP/1\\.1 (400|501|505) .*");
    assertThat(answer).as("nothing behind it is answered").doesNotContain("200 OK");
    assertThat(answer.indexOf("HTTP/1.1", 1)).as("one answer only").isNegative();
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        row("RFC 9112 7.1", "a size that is no number", "xyz\r\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "a negative size", "-5\r\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "a size that overflows", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "an empty size", "\r\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "bare LF after the size", "5\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "data longer than its size", "5\r\nhello!\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "bare LF after the data", "5\r\nhello\n0\r\n\r\n"),
        row("RFC 9112 7.1.1", "bare LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1", "a space after the size", "5 \r\nhello\r\n0\r\n\r\n"),
        row("RFC 9112 7.1.2", "a trailer with a space", "5\r\nhello\r\n0\r\nX-A : 1\r\n\r\n"),
        row(
            "RFC 9110 6.5.1",
            "a length as trailer",
            "5\r\nhello\r\n0\r\nContent-Length: 1\r\n\r\n"));
  }

  @ParameterizedTest(name = "{1} ({0})")
  @MethodSource("bodies")
  void badChunkIsRefusedAndWhatFollowsIsNoRequest(String section, String what, String body)
      throws IOException {
    String before = origin.received();
    String answer = answerTo(post("Transfer-Encoding: chunked\r\n", body) + SMUGGLED);
    assertThat(answer).as(section + ": " + what).matches("(?s)(HTTP/1\\.1 400 .*)?");
    assertThat(origin.received().substring(before.length()))
        .as("what follows a bad chunk")
        .doesNotContain("/smuggled");
  }

  static Stream<Arguments> good() {
    return Stream.of(
        row("RFC 9112 2.2", "an empty line before the request", "\r\n" + get("/ok", HOST)),
        row("RFC 9112 3.2.2", "absolute-form", get("https://www.example.com/ok", HOST)),
        row("RFC 9110 5.5", "8-bit text in a value", get("/ok", HOST + "X-A: caf\u00e9\r\n")),
        row("RFC 9110 5.6.3", "white space around a value", get("/ok", HOST + "X-A:\t v \t\r\n")),
        row(
            "RFC 9112 7.1",
            "leading zeros and extensions",
            post("Transfer-Encoding: CHUNKED\r\n", "0005;a=\"b c\"\r\nhello\r\n00\r\n\r\n")),
        row(
            "RFC 9110 9.3.1",
            "GET with content",
            get("/ok", HOST + "Content-Length: 2\r\n") + "ab"));
  }

  @ParameterizedTest(name = "{1} ({0})")
  @MethodSource("good")
  void unusualButLawfulRequestIsServed(String section, String what, String request)
      throws IOException {
    try (RawClient client = site.connect(proxy)) {
      assertThat(client.send(request).readResponse().status()).as(section + what).isEqualTo(200);
      client.send(get("/next", HOST));
      assertThat(client.readResponse().status()).as("and the connection goes on").isEqualTo(200);
    }
  }

  private static String answerTo(String request) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      return client.sendWhileOpen(request.getBytes(ISO_8859_1)).readUntilClosed();
    }
  }

  static Stream<Arguments> http2Heads() {
    return Stream.of(
        Arguments.of("no path", head("GET", "https", "www.example.com", "")),
        Arguments.of("a space in the path", head("GET", "https", "www.example.com", "/a b")),
        Arguments.of(
            "a line break in the path", head("GET", "https", "www.example.com", "/a\r\nX: 1")),
        Arguments.of("a path without slash", head("GET", "https", "www.example.com", "mark")),
        Arguments.of("a space in the method", head("GE T", "https", "www.example.com", "/mark")),
        Arguments.of(
            "a Host that differs",
            head("GET", "https", "www.example.com", "/mark").add("host", "evil.example")),
        Arguments.of(
            "a connection field",
            head("GET", "https", "www.example.com", "/mark").add("connection", "close")),
        Arguments.of(
            "a transfer coding",
            head("POST", "https", "www.example.com", "/mark").add("transfer-encoding", "chunked")),
        Arguments.of(
            "two lengths",
            head("POST", "https", "www.example.com", "/mark")
                .add("content-length", "1")
                .add("content-length", "2")),
        Arguments.of(
            "a line break in a value",
            head("GET", "https", "www.example.com", "/mark").add("x-a", "1\r\nX-B: 2")),
        Arguments.of(
            "an upper-case name",
            head("GET", "https", "www.example.com", "/mark").add("X-A", "1")));
  }

  private static Http2Headers head(String method, String scheme, String authority, String path) {
    return new DefaultHttp2Headers(false)
        .method(method)
        .scheme(scheme)
        .authority(authority)
        .path(path);
  }

  @ParameterizedTest(name = "{0} (RFC 9113 8)")
  @MethodSource("http2Heads")
  void malformedHttp2RequestNeverReachesTheOrigin(String what, Http2Headers head)
      throws IOException {
    String before = origin.received();
    try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      H2Client.Stream answer = client.await(client.request(head, true));
      assertThat(answer.resetCode().isPresent() || answer.status() == 400)
          .as(what + ": " + answer)
          .isTrue();
      assertThat(client.await(client.get(Site.WWW, "/mark")).status())
          .as("a stream's fault is not the connection's")
          .isEqualTo(200);
    }
    assertThat(origin.received().substring(before.length()))
        .as(what)
        .containsOnlyOnce("/mark")
        .doesNotContain("evil.example", "X-B");
  }
}

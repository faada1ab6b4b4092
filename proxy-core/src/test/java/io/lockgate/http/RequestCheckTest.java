package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCheckTest {
  private static final String A = "GET / HTTP/1.1|Host: a.test|";
  private static final String P = "POST / HTTP/1.1|Host: a.test|";

  static Stream<Arguments> refused() {
    return Stream.of(
        // Length and coding.
        arguments(
            P + "Content-Length: 1|Transfer-Encoding: chunked||",
            "LENGTH_AND_CODING",
            "RFC 9112 6.3"),
        arguments(
            P + "Transfer-Encoding: chunked|Content-Length: 0||",
            "LENGTH_AND_CODING",
            "RFC 9112 6.3"),
        arguments(
            P + "Content-Length: 5|Content-Length: 5||", "CONTENT_LENGTH_REPEATED", "RFC 9112 6.3"),
        arguments(
            P + "Content-Length: 5|Content-Length: 6||", "CONTENT_LENGTH_REPEATED", "RFC 9112 6.3"),
        arguments(P + "Content-Length: 5, 5||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(P + "Content-Length:||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(P + "Content-Length: +5||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(P + "Content-Length: -5||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(P + "Content-Length: 0x5||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(P + "Content-Length: 5 5||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(
            P + "Content-Length: 9223372036854775808||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(
            P + "Content-Length: 99999999999999999999||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(
            "POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked||",
            "CODING_IN_HTTP_1_0",
            "RFC 9112 6.1"),
        arguments(
            P + "Transfer-Encoding: chunked|Transfer-Encoding: chunked||",
            "CODING_REPEATED",
            "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding:||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: gzip||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: identity||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: chunked, gzip||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: chunked, chunked||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: chunked,||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: ,chunked||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: chunked;q=1||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: \"chunked\"||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: xchunked||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: \u00ffchunked||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(P + "Transfer-Encoding: gzip, chunked||", "CODING_NOT_OFFERED", "RFC 9112 6.1"),
        // Host.
        arguments("GET / HTTP/1.1||", "HOST_MISSING", "RFC 9112 3.2"),
        arguments("GET / HTTP/1.0||", "HOST_MISSING", "RFC 9112 3.2"),
        arguments("GET http://a.test/ HTTP/1.1||", "HOST_MISSING", "RFC 9112 3.2"),
        arguments(A + "Host: a.test||", "HOST_REPEATED", "RFC 9112 3.2"),
        arguments(A + "hOST: b.test||", "HOST_REPEATED", "RFC 9112 3.2"),
        arguments("GET http://b.test/ HTTP/1.1|Host: a.test||", "HOST_MISMATCH", "RFC 9112 3.2.2"),
        arguments(
            "GET http://a.test:1/ HTTP/1.1|Host: a.test||", "HOST_MISMATCH", "RFC 9112 3.2.2"),
        // Target.
        arguments("GET a HTTP/1.1|Host: a||", "BAD_TARGET", "RFC 9112 3.2"),
        arguments("GET ?a HTTP/1.1|Host: a||", "BAD_TARGET", "RFC 9112 3.2"),
        arguments("GET * HTTP/1.1|Host: a||", "BAD_TARGET", "RFC 9112 3.2"),
        arguments("GET http:/a HTTP/1.1|Host: a||", "BAD_TARGET", "RFC 9112 3.2"),
        arguments("GET http:// HTTP/1.1|Host: a||", "BAD_HOST", "RFC 9110 7.2"),
        arguments("GET http:///x HTTP/1.1|Host: a||", "BAD_HOST", "RFC 9110 7.2"),
        arguments("GET http://u@a/ HTTP/1.1|Host: a||", "BAD_HOST", "RFC 9110 7.2"),
        arguments("GET ftp://a/ HTTP/1.1|Host: a||", "BAD_SCHEME", "RFC 9110 4.2"),
        arguments("CONNECT a:443 HTTP/1.1|Host: a:443||", "METHOD_CONNECT", "RFC 9110 9.3.6"),
        arguments("TRACE / HTTP/1.1|Host: a||", "METHOD_TRACE", "RFC 9110 9.3.8"),
        arguments("GET /%zz HTTP/1.1|Host: a||", "BAD_PERCENT_ENCODING", "RFC 3986 2.1"),
        arguments("GET /a%2 HTTP/1.1|Host: a||", "BAD_PERCENT_ENCODING", "RFC 3986 2.1"),
        arguments("GET /a%00 HTTP/1.1|Host: a||", "NUL_IN_PATH", "RFC 3986 7.3"),
        arguments("GET /a/../b HTTP/1.1|Host: a||", "DOT_SEGMENT", "RFC 3986 5.2.4"),
        arguments("GET /a\\b HTTP/1.1|Host: a||", "BACKSLASH_IN_PATH", "RFC 3986 3.3"),
        // Connection.
        arguments(A + "Connection: Host||", "PROTECTED_CONNECTION_OPTION", "RFC 9110 7.6.1"),
        arguments(
            A + "Connection: close, content-length||",
            "PROTECTED_CONNECTION_OPTION",
            "RFC 9110 7.6.1"),
        arguments(
            A + "Connection: X-Forwarded-For||", "PROTECTED_CONNECTION_OPTION", "RFC 9110 7.6.1"),
        arguments(
            A + "Connection: close|Connection: Authorization||",
            "PROTECTED_CONNECTION_OPTION",
            "RFC 9110 7.6.1"),
        arguments(A + "Connection: a b||", "BAD_CONNECTION_OPTION", "RFC 9110 7.6.1"),
        arguments(A + "Connection: \"close\"||", "BAD_CONNECTION_OPTION", "RFC 9110 7.6.1"),
        // Names and expectations.
        arguments(A + "Content_Length: 5||", "ALIASED_FIELD_NAME", "RFC 3875 4.1.18"),
        arguments(A + "transfer_encoding: chunked||", "ALIASED_FIELD_NAME", "RFC 3875 4.1.18"),
        arguments(A + "X-Forwarded_For: 1.1.1.1||", "ALIASED_FIELD_NAME", "RFC 3875 4.1.18"),
        arguments(A + "x_forwarded_prefix: /||", "ALIASED_FIELD_NAME", "RFC 3875 4.1.18"),
        arguments(A + "Client_Cert: x||", "ALIASED_FIELD_NAME", "RFC 3875 4.1.18"),
        arguments(P + "Expect: tea||", "BAD_EXPECTATION", "RFC 9110 10.1.1"),
        arguments(P + "Expect: 100-continue, tea||", "BAD_EXPECTATION", "RFC 9110 10.1.1"),
        arguments(
            P + "Expect: 100-continue|Expect: 100-continue||",
            "BAD_EXPECTATION",
            "RFC 9110 10.1.1"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatTheRulesForbid(String text, FramingRule rule, String section) {
    RequestHead head = new RequestHead();
    assertThat(Heads.verdictOnRequest(text, head)).isEqualTo(rule.name());
    assertThat(rule.section()).isEqualTo(section);
    assertThat(head.checked()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a,b",
        "a/b",
        "a?b",
        "a@b",
        "u:p@b",
        "a:",
        "a:x",
        "a:0",
        "a:65536",
        "a:123456",
        ":80",
        "a:80:80",
        ".a",
        "a..b",
        ".",
        "a%2eb",
        "a\\b",
        "a_b:",
        "[",
        "[]",
        "[::1",
        "::1",
        "[::1]x",
        "[::1]:",
        "[::g]",
        "[1::2::3]",
        "[fe80::1%eth0]",
        "[v1.a]",
        "[1.2.3.4]",
        "a;b",
        "a'b",
        "a*b",
        "\u00e9"
      })
  void refusesHostsThatOthersCouldReadDifferently(String host) {
    String text = "GET / HTTP/1.1|Host: " + host + "||";
    assertThat(Heads.verdictOnRequest(text, new RequestHead())).isEqualTo("BAD_HOST");
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, a.test, -1",
    "A.Test:8443, a.test, 8443",
    "a.test., a.test, -1",
    "a.test.:1, a.test, 1",
    "a_b.test, a_b.test, -1",
    "127.0.0.1:65535, 127.0.0.1, 65535",
    "[::1], ::1, -1",
    "[2001:DB8::1]:443, 2001:db8::1, 443",
    "[::ffff:1.2.3.4], ::ffff:1.2.3.4, -1"
  })
  void readsHostAndPortAndKeepsTheBytes(String authority, String host, int port) {
    RequestHead head = Heads.request("GET / HTTP/1.1|Host: " + authority + "||");
    assertThat(head.authority()).isEqualTo(authority);
    assertThat(head.host()).isEqualTo(host);
    assertThat(head.hostHash()).isEqualTo(host.hashCode());
    assertThat(head.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /a?b=%, /a?b=%, /a",
    "GET, http://A.test/x?y, /x?y, /x",
    "GET, HTTPS://a.test, /, /",
    "GET, http://a.test?q=/../, /?q=/../, /",
    "OPTIONS, *, *, ''",
    "OPTIONS, http://a.test, *, ''",
    "OPTIONS, /, /, /",
    "GET, //b.test/x, //b.test/x, /b.test/x",
    "M-SEARCH, /, /, /"
  })
  void bringsEveryTargetToOriginForm(String method, String target, String origin, String path) {
    RequestHead head = Heads.request(method + " " + target + " HTTP/1.1|Host: a.test||");
    assertThat(head.target()).isEqualTo(origin);
    assertThat(head.path().text()).isEqualTo(path);
    assertThat(head.methodText()).isEqualTo(method);
    assertThat(head.asterisk()).isEqualTo(origin.equals("*"));
  }

  @Test
  void takesTheHostOfAnAbsoluteFormWhereHttp10HasNone() {
    RequestHead head = Heads.request("GET http://a.test:1/x HTTP/1.0||");
    assertThat(head.authority()).isEqualTo("a.test:1");
    assertThat(head.target()).isEqualTo("/x");
  }

  @ParameterizedTest
  @CsvSource({
    "'', NONE, -1",
    "Content-Length: 0, NONE, 0",
    "Content-Length: 0005, LENGTH, 5",
    "Content-Length: 9223372036854775807, LENGTH, 9223372036854775807",
    "Transfer-Encoding: chunked, CHUNKED, -1",
    "tRANSFER-eNCODING: cHuNkEd, CHUNKED, -1"
  })
  void findsTheFraming(String line, Framing framing, long length) {
    for (String method : new String[] {"GET", "DELETE", "POST"}) {
      String fields = line.isEmpty() ? "" : line + "|";
      RequestHead head = Heads.request(method + " / HTTP/1.1|Host: a|" + fields + "|");
      assertThat(head.framing()).isEqualTo(framing);
      assertThat(head.contentLength()).isEqualTo(length);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.1, '', true",
    "1.1, close, false",
    "1.1, 'keep-alive, CLOSE', false",
    "1.1, ',, TE ,', true",
    "1.0, '', false",
    "1.0, Keep-Alive, true",
    "1.0, 'keep-alive, close', false"
  })
  void knowsWhetherTheClientStays(String version, String option, boolean stays) {
    String text = "GET / HTTP/" + version + "|Host: a|Connection: " + option + "||";
    assertThat(Heads.request(text).persistent()).isEqualTo(stays);
  }

  @Test
  void tellsThatTheClientWaitsForContinue() {
    assertThat(Heads.request(P + "Expect: 100-Continue||").expectsContinue()).isTrue();
    assertThat(Heads.request(P + "|").expectsContinue()).isFalse();
  }

  @Test
  void ignoresAnExpectationOfHttp10() {
    RequestHead head = Heads.request("POST / HTTP/1.0|Host: a|Expect: 100-continue||");
    assertThat(head.expectsContinue()).isFalse();
    assertThat(head.fields().contains(FieldName.EXPECT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "trailers, true",
    "'deflate;q=0.5, Trailers', true",
    "deflate, false",
    "xtrailers, false",
    "'', false"
  })
  void knowsWhetherTheClientTakesTrailers(String te, boolean takes) {
    assertThat(Heads.request(A + "TE: " + te + "||").acceptsTrailers()).isEqualTo(takes);
  }

  @ParameterizedTest
  @CsvSource({
    "1.1, Upgrade, websocket, WEBSOCKET",
    "1.1, 'keep-alive, upgrade', WebSocket, WEBSOCKET",
    "1.1, Upgrade, h2c, OTHER",
    "1.1, close, websocket, NONE",
    "1.0, Upgrade, websocket, NONE"
  })
  void knowsWhatTheClientWouldUpgradeTo(
      String version, String option, String protocol, RequestHead.Upgrade upgrade) {
    String text =
        "GET / HTTP/" + version + "|Host: a|Connection: " + option + "|Upgrade: " + protocol + "||";
    assertThat(Heads.request(text).upgrade()).isEqualTo(upgrade);
  }

  @ParameterizedTest
  @ValueSource(strings = {"my_field: x", "user_agent: x", "_: x", "X-Original-URL: /admin"})
  void leavesOtherNamesAlone(String line) {
    assertThat(Heads.live(Heads.request(A + line + "||").fields())).contains(line);
  }

  @Test
  void aHeadCanBeUsedAgain() {
    RequestHead head = new RequestHead();
    String full =
        "POST http://A.test:9/%41 HTTP/1.1|Host: A.test:9|Content-Length: 3|TE: trailers"
            + "|Expect: 100-continue|Connection: upgrade|Upgrade: h2c||";
    assertThat(Heads.verdictOnRequest(full, head)).isEqualTo("accepted");
    assertThat(Heads.verdictOnRequest(A + "|", head)).isEqualTo("accepted");
    assertThat(head.port()).isEqualTo(-1);
    assertThat(head.framing()).isEqualTo(Framing.NONE);
    assertThat(head.contentLength()).isEqualTo(-1);
    assertThat(head.expectsContinue()).isFalse();
    assertThat(head.acceptsTrailers()).isFalse();
    assertThat(head.upgrade()).isEqualTo(RequestHead.Upgrade.NONE);
    assertThat(head.path().text()).isEqualTo("/");
    assertThat(head.authority()).isEqualTo("a.test");
  }
}

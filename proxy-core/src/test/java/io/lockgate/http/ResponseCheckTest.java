package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseCheckTest {
  private static final String OK = "HTTP/1.1 200 OK|";

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("HTTP/1.1 099 x||", "BAD_STATUS", "RFC 9110 15"),
        arguments("HTTP/1.1 600 x||", "BAD_STATUS", "RFC 9110 15"),
        arguments("HTTP/1.1 000 x||", "BAD_STATUS", "RFC 9110 15"),
        arguments("HTTP/1.1 101 x|Upgrade: websocket||", "SWITCHED_PROTOCOLS", "RFC 9110 15.2.2"),
        arguments(
            OK + "Content-Length: 1|Transfer-Encoding: chunked||",
            "LENGTH_AND_CODING",
            "RFC 9112 6.3"),
        arguments(
            OK + "Content-Length: 1|Content-Length: 1||",
            "CONTENT_LENGTH_REPEATED",
            "RFC 9112 6.3"),
        arguments(OK + "Content-Length: 1, 1||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(OK + "Content-Length: x||", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(OK + "Transfer-Encoding: gzip||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(OK + "Transfer-Encoding: identity||", "BAD_CODING", "RFC 9112 6.1"),
        arguments(OK + "Transfer-Encoding: gzip, chunked||", "CODING_NOT_OFFERED", "RFC 9112 6.1"),
        arguments(
            OK + "Transfer-Encoding: chunked|Transfer-Encoding: chunked||",
            "CODING_REPEATED",
            "RFC 9112 6.1"),
        arguments(
            "HTTP/1.0 200 OK|Transfer-Encoding: chunked||", "CODING_IN_HTTP_1_0", "RFC 9112 6.1"),
        arguments(OK + "A: b| c||", "FOLDED_FIELD", "RFC 9112 5.2"),
        arguments(OK + "A: b\nc: d||", "BAD_LINE_END", "RFC 9112 2.2"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatTheRulesForbid(String text, FramingRule rule, String section) {
    ResponseHead head = new ResponseHead();
    assertThat(Heads.verdictOnResponse(text, Method.GET, head)).isEqualTo(rule.name());
    assertThat(rule.section()).isEqualTo(section);
    assertThat(head.checked()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  HTTP/1.1 200 OK|Content-Length: 5,                     LENGTH,      5, true",
    "GET,  HTTP/1.1 200 OK|Content-Length: 0,                     NONE,        0, true",
    "GET,  HTTP/1.1 200 OK|Transfer-Encoding: Chunked,            CHUNKED,    -1, true",
    "GET,  HTTP/1.1 200 OK|A: b,                                  UNTIL_CLOSE,-1, false",
    "GET,  HTTP/1.1 200 OK|Content-Length: 5|Connection: close,   LENGTH,      5, false",
    "GET,  HTTP/1.1 200 OK|Content-Length: 5|Connection: \"x\",   LENGTH,      5, false",
    "GET,  HTTP/1.0 200 OK|Content-Length: 5,                     LENGTH,      5, false",
    "GET,  HTTP/1.0 200 OK|Content-Length: 5|Connection: keep-alive, LENGTH,   5, true",
    "HEAD, HTTP/1.1 200 OK|Content-Length: 5,                     NONE,        5, true",
    "HEAD, HTTP/1.1 200 OK|Transfer-Encoding: chunked,            NONE,       -1, true",
    "HEAD, HTTP/1.1 200 OK|A: b,                                  NONE,       -1, true",
    "GET,  HTTP/1.1 304 x|Content-Length: 5,                      NONE,        5, true",
    "GET,  HTTP/1.1 204 x|Content-Length: 0,                      NONE,        0, true",
    "GET,  HTTP/1.1 204 x|Content-Length: 5,                      NONE,        5, false",
    "GET,  HTTP/1.1 204 x|Transfer-Encoding: chunked,             NONE,       -1, false",
    "GET,  HTTP/1.1 103 x|Link: y,                                NONE,       -1, true"
  })
  void findsTheFramingAndWhetherTheConnectionLivesOn(
      Method request, String text, Framing framing, long length, boolean reusable) {
    ResponseHead head = Heads.response(text + "||", request);
    assertThat(head.framing()).isEqualTo(framing);
    assertThat(head.contentLength()).isEqualTo(length);
    assertThat(head.reusable()).isEqualTo(reusable);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 5,          HTTP_1_0, LENGTH",
    "Content-Length: 5,          HTTP_2,   LENGTH",
    "Transfer-Encoding: chunked, HTTP_1_0, UNTIL_CLOSE",
    "Transfer-Encoding: chunked, HTTP_1_1, CHUNKED",
    "Transfer-Encoding: chunked, HTTP_2,   UNTIL_END",
    "A: b,                       HTTP_1_0, UNTIL_CLOSE",
    "A: b,                       HTTP_1_1, CHUNKED",
    "A: b,                       HTTP_2,   UNTIL_END"
  })
  void framesForTheClientsVersion(String line, HttpVersion client, Framing framing) {
    ResponseHead head = Heads.response(OK + line + "||", Method.GET);
    assertThat(head.framingFor(client)).isEqualTo(framing);
  }

  @ParameterizedTest
  @CsvSource({
    ":status: 200|x: y, accepted",
    ":status: 99, BAD_STATUS",
    ":status: 2000, BAD_STATUS",
    ":status: +20, BAD_STATUS",
    ":status: 101, SWITCHED_PROTOCOLS",
    "x: y, PSEUDO_FIELD_MISSING",
    ":path: /, PSEUDO_FIELD_UNKNOWN",
    ":status: 200|:status: 200, PSEUDO_FIELD_REPEATED",
    ":status: 200|x: y|:status: 200, PSEUDO_FIELD_REPEATED",
    ":status: 200|X: y, UPPER_CASE_NAME",
    ":status: 200|connection: close, CONNECTION_FIELD",
    ":status: 200|content-length: 1|content-length: 1, CONTENT_LENGTH_REPEATED",
    ":status: 200|content-length: x, BAD_CONTENT_LENGTH"
  })
  void checksResponsesOfHttp2(String lines, String verdict) {
    ResponseHead head = new ResponseHead();
    Heads.fill(head.fields(), lines);
    assertThat(Heads.nameOf(ResponseCheck.http2(head, Method.GET, false))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  :status: 200,                    false, UNTIL_END, -1",
    "GET,  :status: 200,                    true,  NONE,      -1",
    "GET,  :status: 200|content-length: 5,  false, LENGTH,     5",
    "HEAD, :status: 200|content-length: 5,  true,  NONE,       5",
    "GET,  :status: 304|content-length: 5,  true,  NONE,       5",
    "GET,  :status: 100,                    false, NONE,      -1"
  })
  void findsTheFramingOfHttp2(
      Method request, String lines, boolean end, Framing framing, long length) {
    ResponseHead head = new ResponseHead();
    Heads.fill(head.fields(), lines);
    assertThat(ResponseCheck.http2(head, request, end).accepted()).isTrue();
    assertThat(head.framing()).isEqualTo(framing);
    assertThat(head.contentLength()).isEqualTo(length);
    assertThat(head.reusable()).isTrue();
  }
}

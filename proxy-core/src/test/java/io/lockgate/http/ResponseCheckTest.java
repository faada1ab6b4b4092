package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseCheckTest {
  private static final String OK = "HTTP/1.1 200 OK|";

  @Test
  void aRefusedHeadIsNotChecked() {
    ResponseHead head = new ResponseHead();
    assertThat(Heads.verdictOnResponse("HTTP/1.1 600 x||", Method.GET, head))
        .isEqualTo("BAD_STATUS");
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

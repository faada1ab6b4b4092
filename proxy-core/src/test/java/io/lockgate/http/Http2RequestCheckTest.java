package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class Http2RequestCheckTest {
  private static final String GET = ":method: GET|:scheme: https|:authority: a.test|:path: /";

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments(
            ":scheme: https|:authority: a|:path: /", "PSEUDO_FIELD_MISSING", "RFC 9113 8.3.1"),
        arguments(":method: GET|:authority: a|:path: /", "PSEUDO_FIELD_MISSING", "RFC 9113 8.3.1"),
        arguments(
            ":method: GET|:scheme: https|:authority: a", "PSEUDO_FIELD_MISSING", "RFC 9113 8.3.1"),
        arguments(
            ":method: GET|:scheme: https|:authority: a|:path: ",
            "PSEUDO_FIELD_MISSING",
            "RFC 9113 8.3.1"),
        arguments(
            ":method: |:scheme: https|:authority: a|:path: /",
            "PSEUDO_FIELD_MISSING",
            "RFC 9113 8.3.1"),
        arguments(GET + "|:path: /", "PSEUDO_FIELD_REPEATED", "RFC 9113 8.3"),
        arguments(GET + "|:method: GET", "PSEUDO_FIELD_REPEATED", "RFC 9113 8.3"),
        arguments(GET + "|:scheme: https", "PSEUDO_FIELD_REPEATED", "RFC 9113 8.3"),
        arguments(GET + "|:authority: a.test", "PSEUDO_FIELD_REPEATED", "RFC 9113 8.3"),
        arguments(GET + "|:status: 200", "PSEUDO_FIELD_UNKNOWN", "RFC 9113 8.3"),
        arguments(GET + "|:protocol: websocket", "PSEUDO_FIELD_UNKNOWN", "RFC 9113 8.3"),
        arguments(GET + "|:other: x", "PSEUDO_FIELD_UNKNOWN", "RFC 9113 8.3"),
        arguments(GET.replace(":path", ":Path"), "PSEUDO_FIELD_UNKNOWN", "RFC 9113 8.3"),
        arguments(
            ":method: GET|:scheme: https|x: y|:authority: a|:path: /",
            "PSEUDO_FIELD_MISSING",
            "RFC 9113 8.3.1"),
        arguments(GET + "|x: y|:path: /", "PSEUDO_FIELD_LATE", "RFC 9113 8.3"),
        arguments(GET + "|x: y|:new: z", "PSEUDO_FIELD_LATE", "RFC 9113 8.3"),
        arguments(GET.replace("GET", "G T"), "BAD_METHOD", "RFC 9110 9.1"),
        arguments(GET.replace("GET", "GET / HTTP/1.1\r\nX: y"), "BAD_METHOD", "RFC 9110 9.1"),
        arguments(GET.replace("GET", "CONNECT"), "METHOD_CONNECT", "RFC 9110 9.3.6"),
        arguments(":method: CONNECT|:authority: a:443", "METHOD_CONNECT", "RFC 9110 9.3.6"),
        arguments(GET.replace("GET", "TRACE"), "METHOD_TRACE", "RFC 9110 9.3.8"),
        arguments(GET.replace("https", "ftp"), "BAD_SCHEME", "RFC 9110 4.2"),
        arguments(GET.replace("https", ""), "BAD_SCHEME", "RFC 9110 4.2"),
        arguments(GET + "a b", "BAD_TARGET", "RFC 9112 3.2"),
        arguments(GET + "a HTTP/1.1\r\nX: y", "BAD_TARGET", "RFC 9112 3.2"),
        arguments(GET + "a#b", "BAD_TARGET", "RFC 9112 3.2"),
        arguments(GET + "\u00e9", "BAD_TARGET", "RFC 9112 3.2"),
        arguments(GET.replace(": /", ": *"), "BAD_TARGET", "RFC 9112 3.2"),
        arguments(GET.replace(": /", ": a"), "BAD_TARGET", "RFC 9112 3.2"),
        arguments(GET.replace(": /", ": https://a.test/"), "BAD_TARGET", "RFC 9112 3.2"),
        arguments(GET + "../x", "DOT_SEGMENT", "RFC 3986 5.2.4"),
        arguments(GET.replace("a.test", ""), "BAD_HOST", "RFC 9110 7.2"),
        arguments(GET.replace("a.test", "u@a.test"), "BAD_HOST", "RFC 9110 7.2"),
        arguments(GET.replace("a.test", "a.test\r\nx: y"), "BAD_HOST", "RFC 9110 7.2"),
        arguments(":method: GET|:scheme: https|:path: /", "HOST_MISSING", "RFC 9112 3.2"),
        arguments(GET + "|host: b.test", "HOST_MISMATCH", "RFC 9112 3.2.2"),
        arguments(GET + "|host: a.test|host: a.test", "HOST_REPEATED", "RFC 9112 3.2"),
        arguments(GET + "|X: y", "UPPER_CASE_NAME", "RFC 9113 8.2.1"),
        arguments(GET + "|x y: z", "BAD_FIELD_NAME", "RFC 9110 5.1"),
        arguments(GET + "|x\r\ny: z", "BAD_FIELD_NAME", "RFC 9110 5.1"),
        arguments(GET + "|x\u00e9: z", "BAD_FIELD_NAME", "RFC 9110 5.1"),
        arguments(GET + "|x: y\r\nz: 1", "BAD_FIELD_VALUE", "RFC 9110 5.5"),
        arguments(GET + "|x: y\0", "BAD_FIELD_VALUE", "RFC 9110 5.5"),
        arguments(GET + "|x: y\n", "BAD_FIELD_VALUE", "RFC 9110 5.5"),
        arguments(GET + "|x:  y", "BAD_FIELD_VALUE", "RFC 9110 5.5"),
        arguments(GET + "|x: y\t", "BAD_FIELD_VALUE", "RFC 9110 5.5"),
        arguments(GET + "|connection: close", "CONNECTION_FIELD", "RFC 9113 8.2.2"),
        arguments(GET + "|keep-alive: 1", "CONNECTION_FIELD", "RFC 9113 8.2.2"),
        arguments(GET + "|proxy-connection: x", "CONNECTION_FIELD", "RFC 9113 8.2.2"),
        arguments(GET + "|transfer-encoding: chunked", "CONNECTION_FIELD", "RFC 9113 8.2.2"),
        arguments(GET + "|upgrade: h2c", "CONNECTION_FIELD", "RFC 9113 8.2.2"),
        arguments(GET + "|te: gzip", "BAD_TE", "RFC 9113 8.2.2"),
        arguments(GET + "|te: trailers, gzip", "BAD_TE", "RFC 9113 8.2.2"),
        arguments(
            GET + "|content-length: 1|content-length: 1",
            "CONTENT_LENGTH_REPEATED",
            "RFC 9112 6.3"),
        arguments(GET + "|content-length: +1", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(GET + "|content-length: ", "BAD_CONTENT_LENGTH", "RFC 9112 6.3"),
        arguments(GET + "|x_forwarded_for: 1.1.1.1", "ALIASED_FIELD_NAME", "RFC 3875 4.1.18"),
        arguments(GET + "|expect: tea", "BAD_EXPECTATION", "RFC 9110 10.1.1"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatTheRulesForbid(String lines, FramingRule rule, String section) {
    RequestHead head = new RequestHead();
    Heads.fill(head.fields(), lines);
    assertThat(Heads.nameOf(RequestCheck.http2(head, false))).isEqualTo(rule.name());
    assertThat(rule.section()).isEqualTo(section);
  }

  @Test
  void refusesAnEmptyName() {
    RequestHead head = new RequestHead();
    Heads.fill(head.fields(), GET);
    head.fields().append("", "x");
    assertThat(Heads.nameOf(RequestCheck.http2(head, true))).isEqualTo("BAD_FIELD_NAME");
  }

  @Test
  void refusesADeclaredLengthWhereTheStreamHasEnded() {
    RequestHead head = new RequestHead();
    Heads.fill(head.fields(), GET + "|content-length: 1");
    assertThat(Heads.nameOf(RequestCheck.http2(head, true))).isEqualTo("LENGTH_OF_NOTHING");
  }

  @ParameterizedTest
  @CsvSource({
    "'', true, NONE, -1",
    "'', false, UNTIL_END, -1",
    "|content-length: 0, true, NONE, 0",
    "|content-length: 0, false, LENGTH, 0",
    "|content-length: 7, false, LENGTH, 7"
  })
  void findsTheFraming(String line, boolean end, Framing framing, long length) {
    RequestHead head = Heads.http2(GET + line, end);
    assertThat(head.framing()).isEqualTo(framing);
    assertThat(head.contentLength()).isEqualTo(length);
    assertThat(head.version()).isEqualTo(HttpVersion.HTTP_2);
    assertThat(head.persistent()).isTrue();
  }

  @Test
  void takesTheRequestApart() {
    RequestHead head =
        Heads.http2(
            ":path: /x?y|:method: POST|:authority: A.test:8443|:scheme: https|te: trailers"
                + "|expect: 100-continue|x: y",
            false);
    assertThat(head.method()).isEqualTo(Method.POST);
    assertThat(head.target()).isEqualTo("/x?y");
    assertThat(head.path().text()).isEqualTo("/x");
    assertThat(head.authority()).isEqualTo("A.test:8443");
    assertThat(head.host()).isEqualTo("a.test");
    assertThat(head.port()).isEqualTo(8443);
    assertThat(head.acceptsTrailers()).isTrue();
    assertThat(head.expectsContinue()).isTrue();
  }

  @Test
  void takesHostWhereThereIsNoAuthority() {
    RequestHead head = Heads.http2(":method: GET|:scheme: https|:path: /|host: a.test", true);
    assertThat(head.host()).isEqualTo("a.test");
  }

  @Test
  void acceptsTheAsteriskForOptions() {
    assertThat(Heads.http2(GET.replace("GET", "OPTIONS").replace(": /", ": *"), true).asterisk())
        .isTrue();
  }

  @Test
  void joinsCookieCrumbs() {
    RequestHead head = Heads.http2(GET + "|cookie: a=1|x: y|cookie: b=2|cookie: c=3", true);
    assertThat(Heads.live(head.fields())).containsExactly("x: y", "Cookie: a=1; b=2; c=3");
  }

  @ParameterizedTest
  @CsvSource({
    "grpc-status: 0|x: y, accepted",
    ":status: 200, PSEUDO_FIELD_LATE",
    "X: y, UPPER_CASE_NAME",
    "connection: close, CONNECTION_FIELD",
    "content-length: 5, BAD_TRAILER",
    "host: a, BAD_TRAILER"
  })
  void checksTrailers(String lines, String verdict) {
    FieldSection trailers = new FieldSection();
    Heads.fill(trailers, lines);
    assertThat(Heads.nameOf(RequestCheck.http2Trailers(trailers))).isEqualTo(verdict);
  }

  @Test
  void removesFromTrailersWhatMeansNothingThere() {
    FieldSection trailers = new FieldSection();
    Heads.fill(trailers, "authorization: x|cookie: y|etag: z|x_forwarded_for: 1|x: y");
    assertThat(RequestCheck.http2Trailers(trailers).accepted()).isTrue();
    assertThat(Heads.live(trailers)).containsExactly("etag: z", "x: y");
  }
}

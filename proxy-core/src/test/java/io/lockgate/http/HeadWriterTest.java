package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadWriterTest {
  private static final AsciiBytes DATE = AsciiBytes.of("Sun, 06 Nov 1994 08:49:37 GMT");
  private static final String D = "Date: Sun, 06 Nov 1994 08:49:37 GMT|";
  private final ByteBuf out = Unpooled.buffer();

  @Nested
  class ForAnUpstreamOfHttp1 {
    @Test
    void putsHostFirstAndViaLast() {
      assertThat(request("GET /a?b HTTP/1.1|A: 1|Host: X.test:1|B:2||", 0, false))
          .isEqualTo("GET /a?b HTTP/1.1|Host: X.test:1|A: 1|B: 2|Via: 1.1 lockgate||");
    }

    @Test
    void turnsTheAbsoluteFormIntoOriginForm() {
      assertThat(request("GET http://a.test?q HTTP/1.0||", 0, false))
          .isEqualTo("GET /?q HTTP/1.1|Host: a.test|Via: 1.0 lockgate||");
    }

    @ParameterizedTest
    @CsvSource({
      "GET, '', ''",
      "POST, '', Content-Length: 0|",
      "GET, Content-Length: 0|, Content-Length: 0|",
      "POST, Content-Length: 007|, Content-Length: 7|",
      "PUT, Content-Length: 9223372036854775807|, Content-Length: 9223372036854775807|",
      "GET, Transfer-Encoding: CHUNKED|, Transfer-Encoding: chunked|"
    })
    void makesTheFramingAnew(String method, String sent, String made) {
      assertThat(request(method + " / HTTP/1.1|Host: a|" + sent + "|", 0, false))
          .isEqualTo(method + " / HTTP/1.1|Host: a|" + made + "Via: 1.1 lockgate||");
    }

    @Test
    void neverForwardsConnectionFieldsEvenWhereNobodyStrippedThem() {
      String text =
          "GET / HTTP/1.1|Host: a|Connection: keep-alive, upgrade|Upgrade: h2c|Keep-Alive: 1"
              + "|Proxy-Connection: x|TE: gzip|HTTP2-Settings: x|Z: z||";
      assertThat(request(text, 0, true))
          .isEqualTo("GET / HTTP/1.1|Host: a|Z: z|Connection: close|Via: 1.1 lockgate||");
    }

    @Test
    void asksForTrailersWhereTheClientDoes() {
      assertThat(request("GET / HTTP/1.1|Host: a|TE: trailers||", 0, false))
          .isEqualTo("GET / HTTP/1.1|Host: a|TE: trailers|Connection: TE|Via: 1.1 lockgate||");
    }

    @ParameterizedTest
    @CsvSource({
      "/api/x?y, 4, /x?y",
      "/api, 4, /",
      "/api?y, 4, /?y",
      "/api/, 4, /",
      "/apix, 3, /ix",
      "/api/x, 5, /x"
    })
    void leavesOutAPrefixOfThePath(String target, int skip, String written) {
      assertThat(request("GET " + target + " HTTP/1.1|Host: a||", skip, false))
          .startsWith("GET " + written + " HTTP/1.1|");
    }

    @Test
    void writesTheSameTwice() {
      RequestHead head = Heads.request("GET / HTTP/1.1|Host: a|B: c||");
      HeadWriter.request(out, head, 0, false);
      String first = Heads.text(out);
      visitRequest(head, 0);
      HeadWriter.request(out.clear(), head, 0, false);
      assertThat(Heads.text(out)).isEqualToIgnoringCase(first);
    }

    @Test
    void writesARequestOfHttp2() {
      RequestHead head =
          Heads.http2(
              ":method: PUT|:scheme: https|:authority: a.test|:path: /x|cookie: a|cookie: b|x: y",
              false);
      HeadWriter.request(out, head, 0, false);
      assertThat(Heads.text(out))
          .isEqualTo(
              "PUT /x HTTP/1.1|Host: a.test|x: y|Cookie: a; b|Transfer-Encoding: chunked"
                  + "|Via: 2 lockgate||");
    }

    private String request(String text, int skip, boolean close) {
      HeadWriter.request(out.clear(), Heads.request(text), skip, close);
      return Heads.text(out);
    }
  }

  @Nested
  class ForAnUpstreamOfHttp2 {
    @Test
    void putsPseudoFieldsFirstAndNamesInLowerCase() {
      RequestHead head =
          Heads.request(
              "POST /api/x HTTP/1.1|Host: A.test|TE: trailers|X-Y: Z|Content-Length: 5||");
      assertThat(visitRequest(head, 4))
          .containsExactly(
              ":method: POST",
              ":scheme: https",
              ":authority: A.test",
              ":path: /x",
              "x-y: Z",
              "content-length: 5",
              "te: trailers",
              "via: 1.1 lockgate");
      assertThat(visitRequest(head, 6)).contains(":path: /").hasSize(8);
    }

    @Test
    void passesOnARequestOfHttp2() {
      RequestHead head =
          Heads.http2(":method: GET|:scheme: http|:authority: a|:path: /?q|x: y", true);
      assertThat(visitRequest(head, 0))
          .containsExactly(
              ":method: GET",
              ":scheme: https",
              ":authority: a",
              ":path: /?q",
              "x: y",
              "via: 2 lockgate");
    }
  }

  @Nested
  class ForAClientOfHttp1 {
    @ParameterizedTest
    @CsvSource({
      "GET, HTTP_1_1, false, Content-Length: 5|, Content-Length: 5|",
      "GET, HTTP_1_1, true, Content-Length: 5|, Content-Length: 5|Connection: close|",
      "GET, HTTP_1_0, false, Content-Length: 5|, Content-Length: 5|Connection: keep-alive|",
      "GET, HTTP_1_1, false, Transfer-Encoding: chunked|, Transfer-Encoding: chunked|",
      "GET, HTTP_1_0, false, Transfer-Encoding: chunked|, Connection: close|",
      "GET, HTTP_1_1, false, '', Transfer-Encoding: chunked|",
      "GET, HTTP_1_1, false, Content-Length: 0|, Content-Length: 0|",
      "HEAD, HTTP_1_1, false, Content-Length: 5|, Content-Length: 5|",
      "HEAD, HTTP_1_1, false, '', ''",
      "HEAD, HTTP_1_1, false, Transfer-Encoding: chunked|, ''"
    })
    void makesTheFramingAnew(
        Method request, HttpVersion client, boolean close, String sent, String made) {
      ResponseHead head = Heads.response("HTTP/1.1 200 Fine|A: b|" + sent + "|", request);
      HeadWriter.response(out, head, request, client, close, DATE);
      assertThat(Heads.text(out))
          .isEqualTo("HTTP/1.1 200 OK|A: b|" + D + made + "Via: 1.1 lockgate||");
    }

    @ParameterizedTest
    @CsvSource({
      "204, Content-Length: 0|, ''",
      "304, Content-Length: 5|, Content-Length: 5|",
      "304, '', ''"
    })
    void declaresNoLengthWhereNoneMayStand(int status, String sent, String made) {
      ResponseHead head = Heads.response("HTTP/1.1 " + status + "|" + sent + "|", Method.GET);
      HeadWriter.response(out, head, Method.GET, HttpVersion.HTTP_1_1, false, DATE);
      assertThat(Heads.text(out)).endsWith("|" + D + made + "Via: 1.1 lockgate||");
    }

    @Test
    void keepsTheUpstreamsDate() {
      ResponseHead head =
          Heads.response("HTTP/1.0 404 Nope|Date: then|Content-Length: 0||", Method.GET);
      HeadWriter.response(out, head, Method.GET, HttpVersion.HTTP_1_1, false, DATE);
      assertThat(Heads.text(out))
          .isEqualTo("HTTP/1.1 404 Not Found|Date: then|Content-Length: 0|Via: 1.0 lockgate||");
    }

    @Test
    void writesOurOwnResponsesWithoutVia() {
      ResponseHead head = new ResponseHead().compose(502, 11);
      head.fields().append(FieldName.CONTENT_TYPE, "text/plain");
      HeadWriter.response(out, head, Method.GET, HttpVersion.HTTP_1_1, true, DATE);
      assertThat(Heads.text(out))
          .isEqualTo(
              "HTTP/1.1 502 Bad Gateway|Content-Type: text/plain|"
                  + D
                  + "Content-Length: 11|Connection: close||");
      HeadWriter.response(
          out.clear(), head.compose(204, 0), Method.GET, HttpVersion.HTTP_1_1, false, DATE);
      assertThat(Heads.text(out)).isEqualTo("HTTP/1.1 204 No Content|" + D + "|");
      HeadWriter.response(
          out.clear(), head.compose(404, 0), Method.GET, HttpVersion.HTTP_1_1, false, DATE);
      assertThat(Heads.text(out)).isEqualTo("HTTP/1.1 404 Not Found|" + D + "Content-Length: 0||");
    }

    @Test
    void writesInterimResponsesBare() {
      ResponseHead head = Heads.response("HTTP/1.1 103 x|Link: y|Content-Length: 5||", Method.GET);
      HeadWriter.response(out, head, Method.GET, HttpVersion.HTTP_1_1, true, DATE);
      assertThat(Heads.text(out)).isEqualTo("HTTP/1.1 103 Early Hints|Link: y||");
      HeadWriter.interim(out.clear(), 100);
      assertThat(Heads.text(out)).isEqualTo("HTTP/1.1 100 Continue||");
    }

    @Test
    void writesUnknownStatusWithoutReason() {
      ResponseHead head = Heads.response("HTTP/1.1 599 x|Content-Length: 0||", Method.GET);
      HeadWriter.response(out, head, Method.GET, HttpVersion.HTTP_1_1, false, DATE);
      assertThat(Heads.text(out)).startsWith("HTTP/1.1 599 |");
    }
  }

  @Nested
  class ForAClientOfHttp2 {
    @Test
    void putsTheStatusFirstAndNamesInLowerCase() {
      ResponseHead head =
          Heads.response("HTTP/1.1 200 OK|Server: S|Transfer-Encoding: chunked||", Method.GET);
      assertThat(visit(head, Method.GET))
          .containsExactly(":status: 200", "server: S", "date: " + DATE, "via: 1.1 lockgate");
    }

    @Test
    void declaresTheLength() {
      ResponseHead head =
          Heads.response("HTTP/1.1 200 OK|Date: x|Content-Length: 12||", Method.HEAD);
      assertThat(visit(head, Method.HEAD))
          .containsExactly(":status: 200", "date: x", "content-length: 12", "via: 1.1 lockgate");
    }

    @Test
    void tellsInterimResponsesBare() {
      ResponseHead head = Heads.response("HTTP/1.1 103 x|Link: y||", Method.GET);
      assertThat(visit(head, Method.GET)).containsExactly(":status: 103", "link: y");
    }
  }

  private static List<String> visitRequest(RequestHead head, int skip) {
    List<String> seen = new ArrayList<>();
    HeadWriter.visitRequest(head, skip, true, recordingInto(seen));
    return seen;
  }

  private static List<String> visit(ResponseHead head, Method request) {
    List<String> seen = new ArrayList<>();
    HeadWriter.visitResponse(head, request, DATE, recordingInto(seen));
    return seen;
  }

  private static HeadWriter.FieldVisitor recordingInto(List<String> seen) {
    return (bytes, nameStart, nameEnd, valueStart, valueEnd) ->
        seen.add(
            new String(
                    bytes,
                    nameStart,
                    nameEnd - nameStart,
                    java.nio.charset.StandardCharsets.ISO_8859_1)
                + ": "
                + new String(
                    bytes,
                    valueStart,
                    valueEnd - valueStart,
                    java.nio.charset.StandardCharsets.ISO_8859_1));
  }
}

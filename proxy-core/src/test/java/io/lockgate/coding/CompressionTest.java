package io.lockgate.coding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.CompressionConfig.Encoding;
import io.lockgate.http.FieldName;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.route.TestHeads;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which responses are encoded, and what their heads say (RFC 9110). */
class CompressionTest {
  private static final String HTML = "Content-Type: text/html; charset=utf-8|";
  private static final List<Encoding> ALL = List.of(Encoding.ZSTD, Encoding.BROTLI, Encoding.GZIP);

  private final Encoders encoders = new Encoders(1);
  private final Compression compression =
      Compression.of(
          new CompressionConfig(ALL, List.of("text/*", "application/*+json"), 1000), encoders);

  /** RFC 9110 section 12.5.3. */
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "'gzip',                             gzip",
    "'gzip, br',                         br",
    "'gzip, deflate, br, zstd',          zstd",
    "'GZIP',                             gzip",
    "'x-gzip',                           gzip",
    "'gzip;q=1.0, br;q=0.5',             gzip",
    "'gzip;q=0.8,zstd;q=0.8;,br;q=0.8',  br",
    "'gzip; q=0.2 , br;q=0.1',           gzip",
    "'*',                                zstd",
    "'*;q=0.1',                          zstd",
    "'zstd;q=0, *',                      br",
    "'identity;q=0, *;q=0.5',            zstd",
    "'gzip, identity',                   gzip",
    "'gzip;q=0.5, identity',             none",
    "'gzip;q=0.5, identity;q=0.4',       gzip",
    "'deflate',                          none",
    "'gzip;q=0',                         none",
    "'gzip;q=0.000',                     none",
    "'*;q=0',                            none",
    "'identity',                         none",
    "'gzip;q=2',                         none",
    "'gzip;level=9',                     none",
    "'',                                 none",
    "',,',                               none",
    "'gzipped',                          none"
  })
  void takesWhatTheClientLikesBest(String accept, String chosen) {
    Optional<Encoding> coding =
        AcceptEncoding.of(TestHeads.fields("accept-encoding", accept)).choose(ALL);
    assertThat(coding.map(Encoding::token).orElse("none")).isEqualTo(chosen);
  }

  @Test
  void readsAListOverSeveralFields() {
    assertThat(
            AcceptEncoding.of(
                    TestHeads.fields("Accept-Encoding", "gzip;q=0.5", "Accept-Encoding", "br"))
                .choose(ALL))
        .contains(Encoding.BROTLI);
    assertThat(AcceptEncoding.of(TestHeads.fields()).choose(ALL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: text/plain||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked|Content-Type: TEXT/HTML;charset=x||",
        "HTTP/1.1 200 OK|Content-Type: application/hal+json||",
        "HTTP/1.1 404 No|Content-Length: 1000|Content-Type: text/css||",
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: text/css|Content-Encoding: identity||",
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: text/css|Cache-Control: private||"
      })
  void encodesText(String response) {
    ResponseHead head = response(response);
    assertThat(apply(get("gzip"), head)).isTrue();
    assertThat(TestHeads.lines(head.fields()))
        .contains("Content-Encoding: gzip", "Vary: Accept-Encoding");
    assertThat(head.contentLength()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content|Content-Type: text/html||",
        "HTTP/1.1 206 Part|Content-Length: 1000|Content-Range: bytes 0-999/2000|Content-Type: text/css||",
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: text/css|Content-Encoding: br||",
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: text/css|Cache-Control: max-age=1, No-Transform||",
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: text/css|Cache-Control: a|Cache-Control: no-transform||",
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: image/png||",
        "HTTP/1.1 200 OK|Content-Length: 1000|Content-Type: application/json||",
        "HTTP/1.1 200 OK|Content-Length: 1000||"
      })
  void leavesAllElseAlone(String response) {
    ResponseHead head = response(response);
    List<String> before = TestHeads.lines(head.fields());
    assertThat(apply(get("gzip"), head)).isFalse();
    assertThat(TestHeads.lines(head.fields())).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"999, gzip, false", "1000, gzip, true", "999, 'gzip, identity;q=0', true"})
  void whatIsSmallStaysAsItIsUnlessTheClientRefusesThat(
      int length, String accept, boolean encoded) {
    ResponseHead head = response("HTTP/1.1 200 OK|Content-Length: " + length + "|" + HTML + "|");
    assertThat(apply(get(accept), head)).isEqualTo(encoded);
    assertThat(head.fields().value(head.fields().find("Vary"))).isEqualTo("Accept-Encoding");
  }

  @ParameterizedTest
  @CsvSource({
    "'',                       Accept-Encoding",
    "'Vary: Origin|',          'Origin, Accept-Encoding'",
    "'Vary: A|vary: b|',       'A, b, Accept-Encoding'",
    "'Vary: accept-encoding|', accept-encoding",
    "'Vary: a, *|',            'a, *'"
  })
  void variesByWhatTheClientTakes(String fields, String vary) {
    ResponseHead head = response("HTTP/1.1 200 OK|" + fields + HTML + "|");
    assertThat(apply(get("identity"), head)).isFalse();
    assertThat(head.fields().value(head.fields().find("Vary"))).isEqualTo(vary);
  }

  @Test
  void whatIsSaidOfTheOctetsIsTakenBack() {
    ResponseHead head =
        response(
            "HTTP/1.1 200 OK|ETag: \"x\"|Accept-Ranges: bytes|Repr-Digest: sha-256=:x:|"
                + HTML
                + "|");
    assertThat(apply(get("br"), head)).isTrue();
    assertThat(TestHeads.lines(head.fields()))
        .contains("ETag: W/\"x\"")
        .noneMatch(line -> line.startsWith("Accept-Ranges") || line.startsWith("Repr-Digest"));
  }

  @Test
  void aTagThatIsWeakStaysSoAndOneThatConfirmsIsWeakAsWell() {
    ResponseHead weak = response("HTTP/1.1 200 OK|ETag: W/\"x\"|" + HTML + "|");
    apply(get("br"), weak);
    assertThat(weak.fields().valueOf(FieldName.ETAG)).isEqualTo("W/\"x\"");
    ResponseHead same = response("HTTP/1.1 304 Not Modified|ETag: \"x\"||");
    assertThat(apply(get("br"), same)).isFalse();
    assertThat(same.fields().valueOf(FieldName.ETAG)).isEqualTo("W/\"x\"");
    ResponseHead plain = response("HTTP/1.1 304 Not Modified|ETag: \"x\"||");
    assertThat(apply(get("identity"), plain)).isFalse();
    assertThat(plain.fields().valueOf(FieldName.ETAG)).isEqualTo("\"x\"");
  }

  @Test
  void headAndHttp10AreAnsweredUnencoded() {
    RequestHead head = TestHeads.request("HEAD / HTTP/1.1|Host: a|Accept-Encoding: gzip||");
    assertThat(apply(head, response("HTTP/1.1 200 OK|" + HTML + "|"))).isFalse();
    RequestHead old = TestHeads.request("GET / HTTP/1.0|Host: a|Accept-Encoding: gzip||");
    assertThat(apply(old, response("HTTP/1.1 200 OK|" + HTML + "|"))).isFalse();
  }

  @Test
  void beyondTheBoundOfEncodersResponsesPassAsTheyAre() {
    ContentEncoder first =
        compression.apply(get("gzip"), response("HTTP/1.1 200 OK|" + HTML + "|")).orElseThrow();
    ResponseHead second = response("HTTP/1.1 200 OK|Content-Length: 5000|" + HTML + "|");
    assertThat(apply(get("gzip"), second)).isFalse();
    assertThat(second.contentLength()).isEqualTo(5000);
    first.close();
    first.close();
    assertThat(apply(get("gzip"), second)).as("closed once, however often").isTrue();
  }

  private boolean apply(RequestHead request, ResponseHead answer) {
    Optional<ContentEncoder> encoder = compression.apply(request, answer);
    encoder.ifPresent(ContentEncoder::close);
    return encoder.isPresent();
  }

  private static RequestHead get(String accept) {
    return TestHeads.request("GET / HTTP/1.1|Host: a|Accept-Encoding: " + accept + "||");
  }

  private static ResponseHead response(String text) {
    return TestHeads.response(text, Method.GET);
  }
}

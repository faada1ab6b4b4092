package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http2RequestCheckTest {
  private static final String GET = ":method: GET|:scheme: https|:authority: a.test|:path: /";

  @Test
  void refusesAnEmptyName() {
    RequestHead head = new RequestHead();
    Heads.fill(head.fields(), GET);
    head.fields().append("", "x");
    assertThat(Heads.nameOf(RequestCheck.http2(head, true))).isEqualTo("BAD_FIELD_NAME");
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

  @Test
  void removesFromTrailersWhatMeansNothingThere() {
    FieldSection trailers = new FieldSection();
    Heads.fill(trailers, "authorization: x|cookie: y|etag: z|x_forwarded_for: 1|x: y");
    assertThat(RequestCheck.http2Trailers(trailers).accepted()).isTrue();
    assertThat(Heads.live(trailers)).containsExactly("etag: z", "x: y");
  }
}

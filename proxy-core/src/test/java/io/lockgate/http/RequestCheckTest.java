package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCheckTest {
  private static final String A = "GET / HTTP/1.1|Host: a.test|";
  private static final String P = "POST / HTTP/1.1|Host: a.test|";

  @Test
  void aRefusedHeadIsNotChecked() {
    RequestHead head = new RequestHead();
    assertThat(Heads.verdictOnRequest(A + "Host: b.test||", head)).isEqualTo("HOST_REPEATED");
    assertThat(head.checked()).isFalse();
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

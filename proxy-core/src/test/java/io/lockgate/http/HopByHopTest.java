package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HopByHopTest {
  private static final String START = "GET / HTTP/1.1|Host: a|";

  @Test
  void removesWhatConnectionNames() {
    RequestHead head =
        Heads.request(
            START + "Connection: x-one , X-TWO,|x-One: 1|x-two: 2|Connection: a|a: b|c: d||");
    HopByHop.strip(head);
    assertThat(Heads.live(head.fields())).containsExactly("Host: a", "c: d");
  }

  @Test
  void removesWhatAlwaysEndsHere() {
    RequestHead head =
        Heads.request(
            START
                + "Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: x|Keep-Alive: 5"
                + "|Proxy-Connection: keep-alive|TE: trailers|Transfer-Encoding: chunked"
                + "|Proxy-Authorization: x|Trailer: y|Z: z||");
    HopByHop.strip(head);
    assertThat(Heads.live(head.fields())).containsExactly("Host: a", "Trailer: y", "Z: z");
    assertThat(head.acceptsTrailers()).as("kept apart").isTrue();
    assertThat(head.framing()).as("kept apart").isEqualTo(Framing.CHUNKED);
  }

  @Test
  void doesNotLetAResponseRemoveWhatIsForTheClient() {
    ResponseHead head =
        Heads.response(
            "HTTP/1.1 200 OK|Connection: Set-Cookie, Content-Length, X|Set-Cookie: a"
                + "|Content-Length: 5|X: y|Keep-Alive: 5|Upgrade: h2||",
            Method.GET);
    HopByHop.strip(head);
    assertThat(Heads.live(head.fields())).containsExactly("Set-Cookie: a", "Content-Length: 5");
  }
}

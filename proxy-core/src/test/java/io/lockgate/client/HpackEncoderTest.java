package io.lockgate.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.http2.HpackEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it writes is read by Netty's decoder. */
class HpackEncoderTest {
  private final HpackEncoder encoder = new HpackEncoder();
  private final AsciiBytes date = AsciiBytes.of("Mon, 23 Nov 2026 16:00:00 GMT");

  private ByteBuf encode(ResponseHead head) {
    ByteBuf block = Unpooled.buffer();
    encoder.encode(block, head, Method.GET, date);
    return block;
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 103, 200, 204, 206, 304, 400, 404, 418, 500, 503, 599})
  void writesEveryStatus(int status) {
    Http2Headers read = Frames.decode(encode(new ResponseHead().compose(status, 0)));
    assertThat(read.status()).asString().isEqualTo(Integer.toString(status));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Server", "Set-Cookie", "X-Own", "ETag", "Www-Authenticate", "Vary", "Age", "q"})
  void writesNamesInLowerCaseWhetherKnownOrNot(String name) {
    ResponseHead head = new ResponseHead().compose(200, 5);
    head.fields().append(name, "some value");
    assertThat(Frames.decode(encode(head)).get(name.toLowerCase(java.util.Locale.ROOT)))
        .asString()
        .isEqualTo("some value");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 126, 127, 128, 254, 255, 5_000})
  void writesValuesOfAnyLength(int length) {
    ResponseHead head = new ResponseHead().compose(200, 5);
    head.fields().append("X-Own", "v".repeat(length));
    assertThat(Frames.decode(encode(head)).get("x-own")).hasSize(length);
  }

  @Test
  void neverLetsSecretsBeIndexed() {
    ResponseHead head = new ResponseHead().compose(200, 5);
    head.fields().append("Set-Cookie", "a=b");
    // RFC 7541 section 6.2.3: 0001, then 55 in a prefix of four bits.
    assertThat(encode(head).toString(ISO_8859_1)).contains((char) 0x1f + "(" + (char) 3 + "a=b");
  }

  @Test
  void confirmsATableSizeOnce() {
    encoder.configuration();
    encoder.maxHeaderTableSize(100);
    assertThat(encode(new ResponseHead().compose(200, 0)).getByte(0)).isEqualTo((byte) 0x20);
    assertThat(encode(new ResponseHead().compose(200, 0)).getByte(0)).isNotEqualTo((byte) 0x20);
  }
}

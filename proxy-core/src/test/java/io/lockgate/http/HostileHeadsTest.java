package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.http.HeadScanner.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Heads that no table thought of: mutations of good ones, the same on every run. */
class HostileHeadsTest {
  private static final String[] SEEDS = {
    "GET /a/b?c=d HTTP/1.1\r\nHost: a.test\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a.test:8443\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
    "PUT http://a.test/%41;x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n",
    "OPTIONS * HTTP/1.0\r\nHost: [::1]:1\r\nTE: trailers\r\nExpect: 100-continue\r\n\r\n"
  };
  private static final String HTTP2_SEED =
      ":method: PUT|:scheme: https|:authority: a.test|:path: /a/b?c|cookie: a=b|cookie: c|x-y: z";
  private static final String SPICE = "\r\n\0 \t:,;/\\%.#?@[]\"_-09aZ\u007f\u0080\u00ff\u000b";
  private static final int MUTANTS = 30_000;

  private final Random random = new Random(20_260_101);
  private final HeadScanner scanner = new HeadScanner(Heads.LIMITS);
  private final RequestHead head = new RequestHead();

  @Test
  void whatIsAcceptedReadsTheSameOnceItIsWritten() {
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      ByteBuf in = mutant();
      scanner.reset();
      if (scanner.scanRequest(in, head) == Progress.COMPLETE
          && RequestCheck.http1(head).accepted()) {
        accepted++;
        assertReadsTheSame(head);
      }
    }
    assertThat(accepted).as("enough of them to mean anything").isGreaterThan(MUTANTS / 20);
  }

  @Test
  void whatIsAcceptedOverHttp2ReadsTheSameOnceItIsWritten() {
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      String lines = mutatedText(HTTP2_SEED);
      head.clear();
      Heads.fill(head.fields(), lines);
      if (RequestCheck.http2(head, random.nextBoolean()).accepted()) {
        accepted++;
        assertReadsTheSame(head);
      }
    }
    assertThat(accepted).as("enough of them to mean anything").isGreaterThan(MUTANTS / 20);
  }

  @Test
  void chunksNeverYieldMoreThanTheyHold() {
    ChunkedScanner chunks = new ChunkedScanner(Heads.LIMITS);
    for (int i = 0; i < MUTANTS; i++) {
      ByteBuf in = mutated("3;a=\"b\"\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n");
      chunks.reset();
      int size = in.readableBytes();
      ChunkedScanner.Step step = chunks.next(in);
      while (step == ChunkedScanner.Step.DATA) {
        assertThat(chunks.available()).isPositive().isLessThanOrEqualTo(in.readableBytes());
        in.skipBytes(chunks.available());
        step = chunks.next(in);
      }
      assertThat(chunks.received()).isLessThanOrEqualTo(size);
    }
  }

  private void assertReadsTheSame(RequestHead first) {
    HopByHop.strip(first);
    ByteBuf written = Unpooled.buffer();
    HeadWriter.request(written, first, 0, false);
    RequestHead second = new RequestHead();
    HeadScanner again = new HeadScanner(Heads.LIMITS);
    String text = Heads.text(written);
    assertThat(again.scanRequest(written, second)).as(text).isEqualTo(Progress.COMPLETE);
    assertThat(written.isReadable()).as("one head, no more: " + text).isFalse();
    assertThat(Heads.nameOf(RequestCheck.http1(second))).as(text).isEqualTo("accepted");
    assertThat(second.target()).isEqualTo(first.target());
    assertThat(second.host()).isEqualTo(first.host());
    assertThat(second.path().text()).isEqualTo(first.path().text());
    assertThat(second.framing())
        .isEqualTo(first.framing() == Framing.UNTIL_END ? Framing.CHUNKED : first.framing());
    assertThat(Math.max(second.contentLength(), 0)).isEqualTo(Math.max(first.contentLength(), 0));
  }

  private ByteBuf mutant() {
    return mutated(SEEDS[random.nextInt(SEEDS.length)]);
  }

  private ByteBuf mutated(String seed) {
    return Unpooled.copiedBuffer(mutatedText(seed), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private String mutatedText(String seed) {
    StringBuilder text = new StringBuilder(seed);
    for (int changes = random.nextInt(3); changes >= 0; changes--) {
      int at = random.nextInt(text.length());
      char spice = SPICE.charAt(random.nextInt(SPICE.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, spice);
        case 1 -> text.insert(at, spice);
        case 2 -> text.deleteCharAt(at);
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
      }
    }
    return text.toString();
  }
}

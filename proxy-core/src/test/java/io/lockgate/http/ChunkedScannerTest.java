package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedScannerTest {
  private final ChunkedScanner scanner = new ChunkedScanner(Heads.LIMITS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5|hello|0||",
        "5;a|hello|0;last||",
        "5;a=b;c=\"d \\\" e\"|hello|0||",
        "5 ; a = b ;c|hello|0||",
        "0005|hello|000||",
        "0000000000000005|hello|0||",
        "1|h|2|el|1|l|1|o|0|X: y||",
        "2;x=\"\t\u00e9\"|he|3|llo|0||"
      })
  void yieldsTheSameDataHoweverItIsCut(String text) {
    assertThat(read(text, Integer.MAX_VALUE)).isEqualTo("hello");
    for (int piece = 1; piece < text.length(); piece++) {
      scanner.reset();
      assertThat(read(text, piece)).as("in pieces of " + piece).isEqualTo("hello");
    }
  }

  @Test
  void aRefusalLasts() {
    assertThat(scanner.next(Heads.octets("x"))).isEqualTo(ChunkedScanner.Step.REFUSED);
    assertThat(scanner.next(Unpooled.EMPTY_BUFFER)).isEqualTo(ChunkedScanner.Step.REFUSED);
  }

  @Test
  void keepsHarmlessTrailersOnly() {
    assertThat(read("0|X-Sum: 1|Authorization: a|Cookie: b|X_Forwarded_For: c||", 1)).isEmpty();
    assertThat(Heads.live(scanner.trailers())).containsExactly("X-Sum: 1");
  }

  @Test
  void leavesWhatFollowsTheContent() {
    ByteBuf in = Heads.octets("0||GET");
    assertThat(scanner.next(in)).isEqualTo(ChunkedScanner.Step.COMPLETE);
    assertThat(scanner.next(in)).isEqualTo(ChunkedScanner.Step.COMPLETE);
    assertThat(Heads.text(in)).isEqualTo("GET");
  }

  @Test
  void takesChunksOfManyGigabytes() {
    ByteBuf in = Heads.octets("100000005|hello");
    assertThat(scanner.next(in)).isEqualTo(ChunkedScanner.Step.DATA);
    assertThat(scanner.available()).isEqualTo(5);
    in.skipBytes(5);
    assertThat(scanner.next(in)).isEqualTo(ChunkedScanner.Step.NEED_MORE);
    assertThat(scanner.received()).isEqualTo(5);
  }

  @Test
  void boundsExtensionsOverAllChunks() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append("1;").append("a".repeat(100)).append("|h|");
    }
    assertThat(read(text.toString(), Integer.MAX_VALUE)).isEqualTo("CHUNK_EXTENSIONS_TOO_LARGE");
  }

  @Test
  void boundsTheTrailerSection() {
    ChunkedScanner narrow = new ChunkedScanner(new HeadLimits(32, 4, 20));
    assertThat(narrow.next(Heads.octets("0|A: " + "b".repeat(40))))
        .isEqualTo(ChunkedScanner.Step.REFUSED);
    assertThat(narrow.rule()).isEqualTo(FramingRule.TRAILERS_TOO_LARGE);
  }

  /** The data, or the rule that was broken, when the text arrives in pieces of a size. */
  private String read(String text, int piece) {
    ByteBuf whole = Heads.octets(text);
    StringBuilder data = new StringBuilder();
    int end = Math.min(piece, whole.capacity());
    while (true) {
      whole.writerIndex(Math.min(end, whole.capacity()));
      switch (scanner.next(whole)) {
        case NEED_MORE -> {
          if (end >= whole.capacity()) {
            return "unfinished";
          }
          end += piece;
        }
        case DATA ->
            data.append(whole.readCharSequence(scanner.available(), StandardCharsets.ISO_8859_1));
        case COMPLETE -> {
          return data.toString();
        }
        case REFUSED -> {
          return scanner.rule().name();
        }
      }
    }
  }
}

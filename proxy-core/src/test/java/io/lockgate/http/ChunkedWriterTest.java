package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedWriterTest {
  private final ByteBuf out = Unpooled.buffer();

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 15, 16, 255, 256, 4095, 4096, 65535, 1 << 20, Integer.MAX_VALUE})
  void writesSizesInHexWithoutPadding(int length) {
    ChunkedWriter.size(out, length);
    assertThat(Heads.text(out)).isEqualTo(Integer.toHexString(length) + "|");
    assertThat(out.readableBytes()).isLessThanOrEqualTo(ChunkedWriter.MAX_SIZE_LINE);
  }

  @Test
  void refusesToWriteAChunkThatWouldEndTheContent() {
    assertThatThrownBy(() -> ChunkedWriter.size(out, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesWhatTheScannerReads() {
    FieldSection trailers = new FieldSection();
    Heads.fill(trailers, "X: y|Z: ");
    ChunkedWriter.size(out, 3);
    out.writeBytes(Heads.octets("abc"));
    ChunkedWriter.endChunk(out);
    ChunkedWriter.end(out, trailers);
    assertThat(Heads.text(out)).isEqualTo("3|abc|0|X: y|Z: ||");
    ChunkedScanner scanner = new ChunkedScanner(Heads.LIMITS);
    assertThat(scanner.next(out)).isEqualTo(ChunkedScanner.Step.DATA);
    out.skipBytes(scanner.available());
    assertThat(scanner.next(out)).isEqualTo(ChunkedScanner.Step.COMPLETE);
    assertThat(Heads.live(scanner.trailers())).containsExactly("X: y", "Z: ");
  }

  @Test
  void endsWithoutTrailers() {
    ChunkedWriter.end(out);
    assertThat(Heads.text(out)).isEqualTo("0||");
  }
}

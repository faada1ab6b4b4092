package io.lockgate.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import io.lockgate.config.model.CompressionConfig.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.BrotliDecoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentEncoderTest {
  private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();

  @BeforeAll
  static void load() {
    for (Encoding encoding : Encoding.values()) {
      assertThat(Encoders.prepare(encoding)).as(encoding.token()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPieceCanBeDecodedAsSoonAsItIsOut(Encoding encoding) throws IOException {
    ContentEncoder encoder = ContentEncoder.of(encoding, () -> {});
    StringBuilder sent = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      String event = "data: " + i + "\n\n";
      sent.append(event);
      encode(encoder, event);
      assertThat(decodedSoFar(encoding, sent.length())).isEqualTo(sent.toString());
    }
    finish(encoder);
    assertThat(decode(encoding).readAllBytes()).asString(UTF_8).isEqualTo(sent.toString());
  }

  @ParameterizedTest
  @EnumSource
  void muchBecomesLittleAndIsTheSameAgain(Encoding encoding) throws IOException {
    ContentEncoder encoder = ContentEncoder.of(encoding, () -> {});
    String piece = "<li class=\"item\">The quick brown fox</li>\n".repeat(1_000);
    for (int i = 0; i < 20; i++) {
      encode(encoder, piece);
    }
    finish(encoder);
    assertThat(encoded.size()).isLessThan(piece.length());
    assertThat(decode(encoding).readAllBytes()).asString(UTF_8).isEqualTo(piece.repeat(20));
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsAWholeMessageToo(Encoding encoding) throws IOException {
    finish(ContentEncoder.of(encoding, () -> {}));
    assertThat(decode(encoding).readAllBytes()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void givenUpInTheMiddleItGivesBackItsPlaceOnce(Encoding encoding) {
    int[] closed = new int[1];
    ContentEncoder encoder = ContentEncoder.of(encoding, () -> closed[0]++);
    encode(encoder, "x");
    encoder.close();
    encoder.close();
    finish(encoder);
    assertThat(closed[0]).isEqualTo(1);
  }

  private void encode(ContentEncoder encoder, String text) {
    ByteBuf data = Unpooled.copiedBuffer(text, UTF_8);
    keep(encoder.encode(data, UnpooledByteBufAllocator.DEFAULT));
    data.release();
  }

  private void finish(ContentEncoder encoder) {
    keep(encoder.finish(UnpooledByteBufAllocator.DEFAULT));
  }

  private void keep(ByteBuf out) {
    byte[] octets = new byte[out.readableBytes()];
    out.readBytes(octets);
    encoded.writeBytes(octets);
    out.release();
  }

  /** The stream for brotli reads ahead of what it needs. */
  private String decodedSoFar(Encoding encoding, int length) throws IOException {
    if (encoding != Encoding.BROTLI) {
      return new String(decode(encoding).readNBytes(length), UTF_8);
    }
    EmbeddedChannel channel = new EmbeddedChannel(new BrotliDecoder());
    channel.writeInbound(Unpooled.wrappedBuffer(encoded.toByteArray()));
    StringBuilder text = new StringBuilder();
    for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
      text.append(piece.toString(UTF_8));
      piece.release();
    }
    channel.finishAndReleaseAll();
    return text.toString();
  }

  private InputStream decode(Encoding encoding) throws IOException {
    InputStream in = new ByteArrayInputStream(encoded.toByteArray());
    return switch (encoding) {
      case GZIP -> new GZIPInputStream(in);
      case BROTLI -> new BrotliInputStream(in);
      case ZSTD -> new ZstdInputStream(in);
    };
  }
}

package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 5.2. */
class WebSocketFramesTest {
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;

  private static ByteBuf frame(int first, int payload, boolean masked) {
    ByteBuf out = Unpooled.buffer().writeByte(first);
    int mask = masked ? 0x80 : 0;
    if (payload < 126) {
      out.writeByte(mask | payload);
    } else if (payload < 0x10000) {
      out.writeByte(mask | 126).writeShort(payload);
    } else {
      out.writeByte(mask | 127).writeLong(payload);
    }
    // Octets that would be heads of Close frames, were they taken for heads.
    for (int i = 0; i < payload + (masked ? 4 : 0); i++) {
      out.writeByte(CLOSE);
    }
    return out;
  }

  /** Offsets of borders, as found in pieces of {@code size} octets. */
  private static List<Integer> borders(ByteBuf all, int size) {
    WebSocketFrames frames = new WebSocketFrames();
    List<Integer> found = new ArrayList<>();
    int at = 0;
    while (at < all.readableBytes()) {
      ByteBuf piece = all.slice(at, Math.min(size, all.readableBytes() - at));
      at += frames.followToBorder(piece);
      if (frames.atBorder()) {
        found.add(at);
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 126, 1 << 20})
  void findsTheEndsOfFramesOfEveryLengthInPiecesOfAnySize(int size) {
    ByteBuf all = Unpooled.buffer();
    List<Integer> expected = new ArrayList<>();
    for (int payload : new int[] {0, 1, 125, 126, 65_535, 65_536}) {
      for (boolean masked : new boolean[] {false, true}) {
        all.writeBytes(frame(TEXT, payload, masked));
        expected.add(all.readableBytes());
      }
    }
    assertThat(borders(all, size)).isEqualTo(expected);
  }

  @Test
  void isAtABorderBeforeTheFirstOctet() {
    assertThat(new WebSocketFrames().atBorder()).isTrue();
  }

  @Test
  void followsManyFramesAtOnce() {
    WebSocketFrames frames = new WebSocketFrames();
    frames.follow(Unpooled.wrappedBuffer(frame(TEXT, 5, false), frame(TEXT, 300, false)));
    assertThat(frames.atBorder()).isTrue();
    frames.follow(frame(TEXT, 5, false).readSlice(4));
    assertThat(frames.atBorder()).isFalse();
  }

  @Test
  void knowsACloseFrameFromOneThatHoldsTheSameOctets() {
    WebSocketFrames frames = new WebSocketFrames();
    frames.follow(frame(TEXT, 200, true));
    assertThat(frames.closing()).isFalse();
    frames.follow(frame(CLOSE, 2, false));
    assertThat(frames.closing()).isTrue();
  }

  @Test
  void aFrameThatClaimsMoreThanThereCanBeHasNoEnd() {
    WebSocketFrames frames = new WebSocketFrames();
    frames.follow(Unpooled.buffer().writeByte(TEXT).writeByte(127).writeLong(-1).writeZero(1000));
    assertThat(frames.atBorder()).isFalse();
  }
}

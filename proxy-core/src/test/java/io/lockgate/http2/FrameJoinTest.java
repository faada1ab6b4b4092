package io.lockgate.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameJoinTest {
  private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

  private final FrameJoin join = new FrameJoin();
  private final Deque<ByteBuf> made = new ArrayDeque<>();
  private int written;

  /** Octets that count on from where the last piece ended. */
  private ByteBuf piece(int octets) {
    ByteBuf piece = ALLOCATOR.directBuffer(octets);
    for (int i = 0; i < octets; i++) {
      piece.writeByte(written++);
    }
    made.add(piece);
    return piece;
  }

  private static void assertCounts(ByteBuf joined, int from, int octets) {
    assertThat(joined.readableBytes()).isEqualTo(octets);
    for (int i = 0; i < octets; i++) {
      assertThat(joined.getByte(joined.readerIndex() + i)).isEqualTo((byte) (from + i));
    }
  }

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(made).allMatch(piece -> piece.refCnt() == 0);
  }

  @ParameterizedTest
  @CsvSource({"16000, 16384", "1, 16384", "16000, 1", "1024, 1024", "1, 1", "1023, 1025"})
  void keepsTheOrder(int left, int next) {
    ByteBuf joined = join.cumulate(ALLOCATOR, piece(left), piece(next));
    assertCounts(joined, 0, left + next);
    joined.release();
  }

  @Test
  void passesOnWhatComesAfterAWholeFrame() {
    ByteBuf read = piece(100);
    read.skipBytes(100);
    ByteBuf next = piece(50);
    assertThat(join.cumulate(ALLOCATOR, read, next)).isSameAs(next);
    next.release();
  }

  @Test
  void copiesNoLargePiece() {
    ByteBuf left = piece(4000);
    left.skipBytes(1000);
    ByteBuf next = piece(16_384);
    ByteBuf joined = join.cumulate(ALLOCATOR, left, next);
    assertThat(joined.nioBufferCount()).isEqualTo(2);
    assertCounts(joined, 1000, 3000 + 16_384);
    joined.release();
  }

  @Test
  void leavesBehindWhatHasBeenRead() {
    ByteBuf first = piece(2000);
    ByteBuf joined = join.cumulate(ALLOCATOR, first, piece(2000));
    joined.skipBytes(2500);
    joined = join.cumulate(ALLOCATOR, joined, piece(2000));
    assertThat(first.refCnt()).isZero();
    assertCounts(joined, 2500, 3500);
    joined.release();
  }

  @Test
  void keepsFewBuffersForManySmallPieces() {
    ByteBuf joined = piece(5000);
    for (int i = 0; i < 3000; i++) {
      joined = join.cumulate(ALLOCATOR, joined, piece(1));
      assertThat(joined).isNotInstanceOf(CompositeByteBuf.class);
    }
    assertCounts(joined, 0, 8000);
    joined.release();
  }

  @Test
  void isOneBufferAgainWhenSmallPiecesFollowLargeOnes() {
    ByteBuf joined = join.cumulate(ALLOCATOR, piece(3000), piece(3000));
    joined = join.cumulate(ALLOCATOR, joined, piece(10));
    assertThat(joined.nioBufferCount()).isOne();
    assertCounts(joined, 0, 6010);
    joined.release();
  }

  @ParameterizedTest
  @CsvSource({"10", "5000"})
  void changesNothingThatSomebodyHasKept(int next) {
    ByteBuf left = piece(3000);
    ByteBuf kept = left.readRetainedSlice(1000);
    ByteBuf joined = join.cumulate(ALLOCATOR, left, piece(next));
    assertCounts(kept, 0, 1000);
    assertCounts(joined, 1000, 2000 + next);
    joined.release();
    assertCounts(kept, 0, 1000);
    kept.release();
  }

  @Test
  void aPieceWithoutOctetsChangesNothing() {
    ByteBuf left = piece(10);
    assertThat(join.cumulate(ALLOCATOR, left, piece(0))).isSameAs(left);
    left.release();
  }
}

package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsInputTest {
  private final TlsInput input = new TlsInput(EngineTime.NONE, () -> EngineTime.Phase.RECORDS);
  private final List<String> passed = new ArrayList<>();
  private boolean holdAtNext;

  private final EmbeddedChannel channel = new EmbeddedChannel();

  {
    channel.pipeline().addLast(TlsInput.NAME, input);
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                passed.add(ByteBufUtil.hexDump(bytes));
                bytes.release();
                if (holdAtNext) {
                  input.hold();
                }
              }
            });
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** Each flush of the engine would be a system call of its own. */
  @Test
  void whatIsWrittenTogetherLeavesWithOneFlush() {
    AtomicInteger flushes = new AtomicInteger();
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void flush(ChannelHandlerContext context) {
                flushes.incrementAndGet();
                context.flush();
              }
            });
    input.together(
        () -> {
          channel.writeAndFlush("the last octets");
          channel.writeAndFlush("close_notify");
        });
    assertThat(channel.outboundMessages()).containsExactly("the last octets", "close_notify");
    assertThat(flushes).hasValue(1);
  }

  private static String record(int length) {
    return "170303%04x".formatted(length) + "ab".repeat(length);
  }

  private void receive(String hex) {
    channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
  }

  @Test
  void passesEverythingInOrderUnlessHeld() {
    receive(record(100) + record(200));
    receive(record(100) + record(19));
    receive(record(19));
    assertThat(String.join("", passed))
        .isEqualTo(record(100) + record(200) + record(100) + record(19) + record(19));
    assertThat(passed).as("only a small last record is cut off").hasSize(4);
  }

  @Test
  void holdsTheLastSmallRecordOfAReadIfTheFirstEndsARequest() {
    holdAtNext = true;
    receive(record(100) + record(19));
    receive(record(50));
    assertThat(passed).containsExactly(record(100));
    holdAtNext = false;
    input.resume();
    assertThat(passed).containsExactly(record(100), record(19), record(50));
  }

  @Test
  void holdsAgainWhileWhatWasHeldIsPassed() {
    input.hold();
    receive(record(70));
    receive(record(71));
    holdAtNext = true;
    input.resume();
    assertThat(passed).containsExactly(record(70));
    input.resume();
    assertThat(passed).containsExactly(record(70), record(71));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 7, 104})
  void keepsCountOfRecordsThatAreCutAnywhere(int segment) {
    String all = record(100) + record(3) + record(0);
    for (int from = 0; from < all.length(); from += 2 * segment) {
      receive(all.substring(from, Math.min(all.length(), from + 2 * segment)));
    }
    receive(record(90) + record(19));
    assertThat(String.join("", passed)).isEqualTo(all + record(90) + record(19));
    assertThat(passed.get(passed.size() - 1)).isEqualTo(record(19));
  }

  @Test
  void passesOnWhatWasHeldWhenTheConnectionIsGone() {
    input.hold();
    receive(record(19));
    channel.close();
    assertThat(passed).containsExactly(record(19));
  }

  @Test
  void releasesWhatIsStillHeldWhenTakenOut() {
    ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(record(19)));
    input.hold();
    channel.writeInbound(bytes);
    channel.pipeline().remove(input);
    assertThat(bytes.refCnt()).isZero();
  }
}

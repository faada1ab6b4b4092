package io.lockgate.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaves the codec: which frames, in which order, in how many buffers. */
class GatheredFrameWriterTest {
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final FrameGather gather = new FrameGather();
  private final GatheredFrameWriter writer = new GatheredFrameWriter(new HpackEncoder(), gather);
  private final EmbeddedChannel channel =
      new EmbeddedChannel(gather, new ChannelInboundHandlerAdapter());

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void framesOfOneFlushLeaveInOneBuffer() {
    headers(1, small(), false);
    data(1, 100, true);
    headers(3, small(), true);
    channel.flush();
    assertThat(frames(next()))
        .containsExactly(
            "HEADERS 1 flags 4 length 1",
            "DATA 1 flags 1 length 100",
            "HEADERS 3 flags 5 length 1");
    assertThat(next()).isNull();
  }

  @Test
  void nothingLeavesBeforeAFlush() {
    ChannelFuture written = headers(1, small(), true);
    assertThat(next()).isNull();
    assertThat(written.isDone()).isFalse();
  }

  @Test
  void aFrameIsWrittenWhenItsBufferIs() {
    ChannelFuture head = headers(1, small(), false);
    ChannelFuture content = data(1, 10, true);
    channel.flush();
    next().release();
    assertThat(head.isSuccess()).isTrue();
    assertThat(content.isSuccess()).isTrue();
  }

  @Test
  void otherFramesKeepTheirPlace() {
    headers(1, small(), false);
    writer.writePing(context(), false, 7, context().newPromise());
    data(1, 10, true);
    channel.flush();
    List<String> all = new ArrayList<>(frames(next()));
    all.addAll(frames(next()));
    all.addAll(frames(next()));
    assertThat(all)
        .containsExactly(
            "HEADERS 1 flags 4 length 1", "PING 0 flags 0 length 8", "DATA 1 flags 1 length 10");
  }

  @Test
  void contentBeyondAFrameMakesSeveralAndOnlyTheLastEndsTheStream() {
    data(5, 40_000, true);
    channel.flush();
    assertThat(frames(next()))
        .containsExactly(
            "DATA 5 flags 0 length 16384",
            "DATA 5 flags 0 length 16384",
            "DATA 5 flags 1 length 7232");
  }

  @Test
  void anEmptyEndIsAFrame() {
    data(5, 0, true);
    channel.flush();
    assertThat(frames(next())).containsExactly("DATA 5 flags 1 length 0");
  }

  @Test
  void aHeaderBlockBeyondAFrameIsContinued() {
    Http2Headers large = new DefaultHttp2Headers(false).status("200");
    large.add("x-large", "v".repeat(20_000));
    headers(1, large, true);
    channel.flush();
    List<String> frames = frames(next());
    assertThat(frames).hasSize(2);
    assertThat(frames.get(0)).isEqualTo("HEADERS 1 flags " + END_STREAM + " length 16384");
    assertThat(frames.get(1)).startsWith("CONTINUATION 1 flags " + END_HEADERS);
  }

  @Test
  void moreThanFourRecordsDoNotWaitForTheFlush() {
    for (int i = 0; i < 4; i++) {
      data(1, 16_384, false);
    }
    channel.runPendingTasks();
    channel.flushOutbound();
    assertThat(next().release()).isTrue();
  }

  @Test
  void whatCannotLeaveAnyMoreFails() {
    ChannelFuture gathered = headers(1, small(), false);
    channel.pipeline().remove(gather);
    assertThat(gathered.cause()).isNotNull();
    assertThat(data(1, 10, true).cause()).isNotNull();
  }

  private ChannelFuture headers(int stream, Http2Headers headers, boolean end) {
    return writer.writeHeaders(context(), stream, headers, 0, end, context().newPromise());
  }

  private ChannelFuture data(int stream, int length, boolean end) {
    ByteBuf content = Unpooled.wrappedBuffer(new byte[length]);
    return writer.writeData(context(), stream, content, 0, end, context().newPromise());
  }

  private static Http2Headers small() {
    return new DefaultHttp2Headers(false).status("200");
  }

  private ChannelHandlerContext context() {
    return channel.pipeline().lastContext();
  }

  private ByteBuf next() {
    return channel.readOutbound();
  }

  private static List<String> frames(ByteBuf bytes) {
    List<String> frames = new ArrayList<>();
    String[] types = {"DATA", "HEADERS", "2", "3", "4", "5", "PING", "7", "8", "CONTINUATION"};
    while (bytes.isReadable()) {
      int length = bytes.readMedium();
      int type = bytes.readByte();
      int flags = bytes.readByte();
      frames.add(types[type] + " " + bytes.readInt() + " flags " + flags + " length " + length);
      bytes.skipBytes(length);
    }
    bytes.release();
    return frames;
  }
}

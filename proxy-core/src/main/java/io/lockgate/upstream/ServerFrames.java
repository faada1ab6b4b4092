package io.lockgate.upstream;

import io.lockgate.http2.EmptyFrames;
import io.lockgate.http2.FrameBudget;
import io.lockgate.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Makes responses of the frames that a server sends, and bounds what it may make us do. On the
 * connection's event loop.
 */
final class ServerFrames extends Http2FrameAdapter {
  private static final long BUDGET_WINDOW_NANOS = 10_000_000_000L;

  /** RFC 8441 section 3. */
  private static final char ENABLE_CONNECT_PROTOCOL = 8;

  private static final int MOST_PINGS = 200;
  private static final int MOST_SETTINGS = 50;
  private static final int MOST_EMPTY_FRAMES = 100;

  /** Content below this is not worth its frame; the smallest messages of gRPC have five octets. */
  private static final int SMALL = 5;

  private static final int MOST_SMALL_FRAMES = 20_000;
  private static final int MOST_WINDOW_UPDATES = 2_000;

  /** What servers that update two windows upon every few octets need. */
  private static final int UPDATES_PER_PORTION = 10;

  private static final int PORTION = 4 * 1024;

  /** What may still arrive on streams that were cancelled here. */
  private static final int MOST_STRAYS = 20_000;

  private final Http2UpstreamConnection connection;
  private final Http2Connection streams;
  private final Http2Connection.PropertyKey key;
  private final ResponseSink sink;
  private final int maxFields;
  private final Loop loop;
  private final FrameBudget pings;
  private final FrameBudget settings;
  private final FrameBudget strays;
  private final FrameBudget small;
  private final FrameBudget windowUpdates;
  private final EmptyFrames empty = new EmptyFrames(MOST_EMPTY_FRAMES);

  private boolean connectOffered;

  ServerFrames(
      Http2UpstreamConnection connection,
      Http2Connection streams,
      ResponseSink sink,
      LoopConnections owner) {
    this.connection = connection;
    this.streams = streams;
    this.key = streams.newKey();
    this.sink = sink;
    this.loop = owner.loop();
    this.maxFields = owner.pool().responseLimits().maxFieldCount();
    this.pings = budget(MOST_PINGS);
    this.settings = budget(MOST_SETTINGS);
    this.strays = budget(MOST_STRAYS);
    this.small = budget(MOST_SMALL_FRAMES);
    this.windowUpdates = budget(MOST_WINDOW_UPDATES);
  }

  private FrameBudget budget(int most) {
    return new FrameBudget(most, BUDGET_WINDOW_NANOS, loop.nanoTime());
  }

  /** The request on {@code stream}; null where the server was asked for nothing. */
  Http2UpstreamStream requestOn(Http2Stream stream) {
    return stream.getProperty(key);
  }

  void remember(Http2Stream stream, Http2UpstreamStream request) {
    stream.setProperty(key, request);
  }

  void forget(Http2Stream stream) {
    stream.removeProperty(key);
  }

  /** Whether the server takes extended CONNECT (RFC 8441 section 3). */
  boolean connectOffered() {
    return connectOffered;
  }

  /** Counts a frame on a stream that is closed; false if it is one too many. */
  boolean takesStray() {
    return strays.take(loop.nanoTime());
  }

  private void hold(FrameBudget budget, String sentence) throws Http2Exception {
    connection.checkUnread();
    if (!budget.take(loop.nanoTime())) {
      throw excess(sentence);
    }
  }

  private static Http2Exception excess(String sentence) {
    return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, sentence);
  }

  private Http2UpstreamStream known(int streamId) throws Http2Exception {
    Http2UpstreamStream request = requestOn(streams.stream(streamId));
    if (request == null) {
      throw Http2Exception.connectionError(
          Http2Error.PROTOCOL_ERROR, "stream %d was not asked for", streamId);
    }
    return request;
  }

  // ---- frames

  /** A header block has been decoded into the sink. */
  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end)
      throws Http2Exception {
    if (!known(streamId).headers(sink.head(), maxFields, end)) {
      throw Http2Exception.streamError(
          streamId, Http2Error.PROTOCOL_ERROR, "a malformed header block");
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
      throws Http2Exception {
    if (!empty.take(data.readableBytes(), end)) {
      throw excess("too many empty frames");
    }
    if (data.readableBytes() < SMALL && !end) {
      hold(small, "too many small frames");
    }
    int credit = known(streamId).data(data, data.readableBytes() + padding, end);
    if (credit < 0) {
      throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "malformed content");
    }
    return credit;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode)
      throws Http2Exception {
    known(streamId).resetBy(errorCode);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings read) throws Http2Exception {
    hold(settings, "too many settings");
    Long connect = read.get(ENABLE_CONNECT_PROTOCOL);
    connectOffered |= connect != null && connect == 1;
    connection.settingsRead();
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment)
      throws Http2Exception {
    hold(windowUpdates, "too many window updates");
  }

  /** Content was sent, for which the server owes window updates. */
  void dataSent(int octets) {
    windowUpdates.allow(UPDATES_PER_PORTION * (1 + octets / PORTION));
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    hold(pings, "too many pings");
  }

  /** Of no more use than a ping. */
  @Override
  public void onPriorityRead(
      ChannelHandlerContext ctx,
      int streamId,
      int streamDependency,
      short weight,
      boolean exclusive)
      throws Http2Exception {
    hold(pings, "too many pings");
  }

  /** RFC 9113 section 5.5: ignored, and so of no more use than a ping. */
  @Override
  public void onUnknownFrame(
      ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload) {
    if (!pings.take(loop.nanoTime())) {
      connection.onError(ctx, false, excess("too many unknown frames"));
    }
  }

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext ctx,
      int streamId,
      int promisedStreamId,
      Http2Headers headers,
      int padding)
      throws Http2Exception {
    throw Http2Exception.connectionError(
        Http2Error.PROTOCOL_ERROR, "a push, which was not allowed");
  }
}

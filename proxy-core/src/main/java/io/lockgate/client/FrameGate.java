package io.lockgate.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Stands before Netty's frame reader. It hands over one whole frame at a time, so that it is known
 * what a client that stops has left unfinished; and it holds frames to the states of streams that
 * are closed (RFC 9113 section 5.1), which the codec forgets, and counts those that ask for
 * nothing, whatever the codec makes of them. Never changes what it passes on. On the connection's
 * event loop.
 */
final class FrameGate implements Http2FrameReader {
  private static final int FRAME_HEADER = 9;

  /** What a client has begun to send and not finished. */
  enum Unfinished {
    NOTHING,
    /** Anything but content: a header block, or a frame of another type. */
    HEAD,
    CONTENT
  }

  private final Http2FrameReader reader;
  private final Http2Connection connection;
  private final FrameLimits limits;
  private final ClientPriorities priorities;
  private final ClosedStreams closed = new ClosedStreams();
  private Http2FrameListener innerListener;
  private StreamRules rules;
  private boolean blockOpen;
  private boolean shut;
  private Unfinished partial = Unfinished.NOTHING;
  private int resetByClient;

  FrameGate(
      Http2FrameReader reader,
      Http2Connection connection,
      FrameLimits limits,
      ClientPriorities priorities) {
    this.priorities = priorities;
    this.reader = reader;
    this.limits = limits;
    this.connection = connection;
    connection.addListener(new Endings());
  }

  Unfinished unfinished() {
    return blockOpen ? Unfinished.HEAD : partial;
  }

  /** Takes in nothing more: the connection is broken, whatever follows is noise. */
  void shut() {
    shut = true;
  }

  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf in, Http2FrameListener listener)
      throws Http2Exception {
    if (shut) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int start = in.readerIndex();
    int available = in.readableBytes();
    partial = Unfinished.HEAD;
    if (available < FRAME_HEADER) {
      return;
    }
    int length = in.getUnsignedMedium(start);
    int type = in.getByte(start + 3);
    boolean last = (in.getByte(start + 4) & Http2Flags.END_HEADERS) != 0;
    boolean tooLong = length > reader.configuration().frameSizePolicy().maxFrameSize();
    if (!tooLong && available < FRAME_HEADER + length) {
      partial = type == Http2FrameTypes.DATA ? Unfinished.CONTENT : Unfinished.HEAD;
      return;
    }
    partial = Unfinished.NOTHING;
    int end = in.writerIndex();
    if (!tooLong) {
      in.writerIndex(start + FRAME_HEADER + length);
    }
    try {
      reader.readFrame(ctx, in, decorated(listener));
    } finally {
      in.writerIndex(end);
    }
    if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
      blockOpen = !last;
    }
  }

  private Http2FrameListener decorated(Http2FrameListener listener) {
    if (innerListener != listener) {
      innerListener = listener;
      rules = new StreamRules(listener);
    }
    return rules;
  }

  @Override
  public Configuration configuration() {
    return reader.configuration();
  }

  @Override
  public void close() {
    reader.close();
  }

  /** Takes note of how streams end. */
  private final class Endings extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      if (stream.isResetSent()) {
        closed.reset(stream.id());
      } else if (stream.id() != resetByClient) {
        closed.ended(stream.id());
      }
    }
  }

  private final class StreamRules extends Http2FrameListenerDecorator {
    StreamRules(Http2FrameListener listener) {
      super(listener);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
        throws Http2Exception {
      if (acceptsHeaders(streamId)) {
        super.onHeadersRead(ctx, streamId, headers, padding, end);
      }
    }

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
      if (acceptsHeaders(streamId)) {
        super.onHeadersRead(
            ctx, streamId, headers, streamDependency, weight, exclusive, padding, end);
      }
    }

    /** False where they are to be ignored. */
    private boolean acceptsHeaders(int streamId) throws Http2Exception {
      Http2Stream stream = connection.stream(streamId);
      if (stream != null) {
        if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE && !stream.isResetSent()) {
          throw Http2Exception.streamError(
              streamId, Http2Error.STREAM_CLOSED, "HEADERS after the end of the stream");
        }
        return true;
      }
      int newest = connection.remote().lastStreamCreated();
      if (streamId > newest) {
        closed.opened(newest, streamId);
        return true;
      }
      if (closed.wasSkipped(streamId)) {
        // RFC 9113 section 5.1.1: the identifier of a new stream exceeds all before it.
        throw Http2Exception.connectionError(
            Http2Error.PROTOCOL_ERROR, "stream identifiers do not grow");
      }
      refuseIfEnded(streamId);
      return !closed.wasReset(streamId);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
        throws Http2Exception {
      if (connection.stream(streamId) != null) {
        limits.dataRead(data.readableBytes(), end);
        return super.onDataRead(ctx, streamId, data, padding, end);
      }
      limits.lateDataRead(data.readableBytes());
      refuseIfEnded(streamId);
      try {
        return super.onDataRead(ctx, streamId, data, padding, end);
      } catch (Http2Exception e) {
        if (closed.wasReset(streamId) && Http2Exception.isStreamError(e)) {
          // It was on its way when we reset the stream; flow control has counted it by now.
          return data.readableBytes() + padding;
        }
        throw e;
      }
    }

    private void refuseIfEnded(int streamId) throws Http2Exception {
      if (closed.hasEnded(streamId)) {
        throw Http2Exception.connectionError(
            Http2Error.STREAM_CLOSED, "a frame after the end of stream %d", streamId);
      }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      Integer window = settings.initialWindowSize();
      if (window != null) {
        refuseOverflow(window);
      }
      super.onSettingsRead(ctx, settings);
    }

    /** RFC 9113 section 6.9.2: an overflow by SETTINGS is an error of the whole connection. */
    private void refuseOverflow(int window) throws Http2Exception {
      Http2RemoteFlowController flow = connection.remote().flowController();
      long growth = (long) window - flow.initialWindowSize();
      connection.forEachActiveStream(
          stream -> {
            if (flow.windowSize(stream) + growth > Integer.MAX_VALUE) {
              throw Http2Exception.connectionError(
                  Http2Error.FLOW_CONTROL_ERROR, "SETTINGS make a window overflow");
            }
            return true;
          });
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment)
        throws Http2Exception {
      limits.windowUpdateRead();
      super.onWindowUpdateRead(ctx, streamId, increment);
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
        throws Http2Exception {
      limits.otherRead();
      super.onPriorityRead(ctx, streamId, dependency, weight, exclusive);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int last, long error, ByteBuf debug)
        throws Http2Exception {
      limits.otherRead();
      super.onGoAwayRead(ctx, last, error, debug);
    }

    @Override
    public void onUnknownFrame(
        ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload)
        throws Http2Exception {
      limits.otherRead();
      super.onUnknownFrame(ctx, type, streamId, flags, payload);
      if (type == ClientPriorities.UPDATE) {
        priorities.updated(streamId, payload);
      }
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
      limits.settingsRead();
      super.onSettingsAckRead(ctx);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      limits.pingRead();
      super.onPingAckRead(ctx, data);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode)
        throws Http2Exception {
      resetByClient = streamId;
      limits.resetRead();
      super.onRstStreamRead(ctx, streamId, errorCode);
    }
  }
}

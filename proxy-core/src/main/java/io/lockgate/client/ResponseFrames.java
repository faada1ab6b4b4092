package io.lockgate.client;

import io.lockgate.http.FieldSection;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.http2.FrameOutput;
import io.lockgate.http2.TrailerFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;

/**
 * Writes the responses of one HTTP/2 connection as frames; what streams hold back is asked for at
 * the end of the turn. On the connection's event loop.
 */
final class ResponseFrames implements FrameOutput.Turn {
  private final ClientConnection connection;
  private final FrameOutput output;
  private final FrameLimits limits;
  private final ClientPriorities priorities;
  private final ResponseFields fields = new ResponseFields();
  private final FieldSection noTrailers = new FieldSection();
  private ArrayList<Http2RequestStream> dirty = new ArrayList<>();
  private ArrayList<Http2RequestStream> beingFlushed = new ArrayList<>();

  ResponseFrames(
      ClientConnection connection,
      Http2ConnectionHandler handler,
      FrameLimits limits,
      ClientPriorities priorities) {
    this.priorities = priorities;
    this.connection = connection;
    this.limits = limits;
    this.output = new FrameOutput(handler, connection.loop(), this, priorities.queues());
  }

  ClientPriorities priorities() {
    return priorities;
  }

  /** How much content of {@code stream} has left so far. */
  long sent(Http2Stream stream) {
    return priorities.sent(stream);
  }

  FrameOutput output() {
    return output;
  }

  ChannelFuture head(Http2Stream stream, ResponseHead head, Method request, boolean end) {
    limits.checkUnread();
    priorities.answered(stream, head.fields());
    fields.fill(head, request, connection.shared().date().now());
    return output.headers(stream, fields, end);
  }

  ChannelFuture trailers(Http2Stream stream, FieldSection trailers) {
    return output.headers(stream, TrailerFields.of(trailers), true);
  }

  ChannelFuture data(Http2Stream stream, ByteBuf data, boolean end) {
    return output.data(stream, data, end);
  }

  void reset(Http2Stream stream, Http2Error error) {
    output.reset(stream, error);
  }

  boolean writable(Http2Stream stream) {
    return output.writable(stream);
  }

  void consumed(Http2Stream stream, int octets) {
    output.consumed(stream, octets);
  }

  FieldSection noTrailers() {
    return noTrailers;
  }

  /** Has {@code request} write what it holds at the end of the turn. */
  void queue(Http2RequestStream request) {
    dirty.add(request);
    output.flushLater();
  }

  @Override
  public void ending() {
    ArrayList<Http2RequestStream> batch = dirty;
    dirty = beingFlushed;
    beingFlushed = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
  }

  @Override
  public void flushed() {
    for (int i = 0; i < beingFlushed.size(); i++) {
      beingFlushed.get(i).flushed();
    }
    beingFlushed.clear();
  }
}

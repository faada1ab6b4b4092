package io.lockgate.client;

import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http2.Priority;
import io.lockgate.http2.UrgencyQueues;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * What client and server say of the order of responses (RFC 9218): the field of a request, frames
 * that change it, the field of the response. On the connection's event loop.
 */
final class ClientPriorities {
  /** PRIORITY_UPDATE, RFC 9218 section 7.1. */
  static final byte UPDATE = 0x10;

  private static final int MOST_VALUE = 64;
  private static final int REMEMBERED = 16;

  private final Http2Connection streams;
  private final UrgencyQueues queues;
  private final Http2Connection.PropertyKey key;

  /** Said of streams before they were opened: identifiers, and priorities at the same places. */
  private final int[] early = new int[REMEMBERED];

  private final int[] earlyPriorities = new int[REMEMBERED];
  private int nextEarly;

  ClientPriorities(Http2Connection streams, UrgencyQueues queues) {
    this.streams = streams;
    this.queues = queues;
    this.key = streams.newKey();
  }

  UrgencyQueues queues() {
    return queues;
  }

  /** How much content of {@code stream} has left so far. */
  long sent(Http2Stream stream) {
    return queues.sent(stream);
  }

  void requested(Http2Stream stream, FieldSection fields) {
    int priority = parse(fields, Priority.USUAL);
    for (int i = 0; i < REMEMBERED; i++) {
      if (early[i] == stream.id()) {
        priority = earlyPriorities[i];
        early[i] = 0;
      }
    }
    set(stream, priority);
  }

  /** RFC 9218 section 8: what the server says wins, member by member. */
  void answered(Http2Stream stream, FieldSection fields) {
    if (fields.contains(FieldName.PRIORITY)) {
      Integer asked = stream.getProperty(key);
      set(stream, parse(fields, asked == null ? Priority.USUAL : asked));
    }
  }

  private static int parse(FieldSection fields, int base) {
    int priority = base;
    for (int at = fields.find(FieldName.PRIORITY);
        at >= 0;
        at = fields.findNext(FieldName.PRIORITY, at)) {
      priority =
          Priority.parse(fields.bytes(), fields.valueStart(at), fields.valueEnd(at), priority);
    }
    return priority;
  }

  private void set(Http2Stream stream, int priority) {
    if (priority != Priority.USUAL || stream.getProperty(key) != null) {
      stream.setProperty(key, priority);
      queues.prioritize(stream, priority);
    }
  }

  /** A PRIORITY_UPDATE frame. */
  void updated(int frameStream, ByteBuf payload) throws Http2Exception {
    if (frameStream != 0) {
      throw broken(Http2Error.PROTOCOL_ERROR, "PRIORITY_UPDATE on a stream");
    }
    if (payload.readableBytes() < Integer.BYTES) {
      throw broken(Http2Error.FRAME_SIZE_ERROR, "PRIORITY_UPDATE without a stream");
    }
    int streamId = payload.getInt(payload.readerIndex()) & Integer.MAX_VALUE;
    if (!streams.remote().isValidStreamId(streamId)) {
      throw broken(Http2Error.PROTOCOL_ERROR, "PRIORITY_UPDATE of no stream of a client");
    }
    int length = payload.readableBytes() - Integer.BYTES;
    if (length > MOST_VALUE) {
      return;
    }
    byte[] value = new byte[length];
    payload.getBytes(payload.readerIndex() + Integer.BYTES, value);
    int priority = Priority.parse(value, 0, length, Priority.USUAL);
    Http2Stream stream = streams.stream(streamId);
    if (stream != null) {
      set(stream, priority);
    } else if (streamId > streams.remote().lastStreamCreated()) {
      remember(streamId, priority);
    }
  }

  private void remember(int streamId, int priority) {
    int at = 0;
    while (at < REMEMBERED && early[at] != streamId) {
      at++;
    }
    if (at == REMEMBERED) {
      at = nextEarly;
      nextEarly = (nextEarly + 1) % REMEMBERED;
    }
    early[at] = streamId;
    earlyPriorities[at] = priority;
  }

  private static Http2Exception broken(Http2Error error, String sentence) {
    return Http2Exception.connectionError(error, sentence);
  }
}

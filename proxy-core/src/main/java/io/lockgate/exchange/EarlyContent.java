package io.lockgate.exchange;

import io.lockgate.http.FieldSection;
import io.lockgate.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Content of a request that came before there was a server to send it to: what was on its way when
 * the client was asked to wait. Owns its buffers until they are sent or released. On one event loop
 * only.
 */
final class EarlyContent {
  private static final FieldSection NO_TRAILERS = new FieldSection();

  private final ArrayDeque<ByteBuf> data = new ArrayDeque<>(2);
  private FieldSection trailers = NO_TRAILERS;
  private boolean ended;

  /** Takes {@code buffer} over. */
  void add(ByteBuf buffer) {
    data.add(buffer);
  }

  /** Keeps a copy of the trailers, which are valid during the call only. */
  void end(FieldSection section) {
    ended = true;
    if (section.liveCount() > 0) {
      trailers = new FieldSection();
      trailers.copyFrom(section);
    }
  }

  /** Whether nothing follows what is here. */
  boolean ended() {
    return ended;
  }

  /**
   * Hands everything over; empty afterwards.
   *
   * @param sent keeps what is handed over
   */
  void sendTo(UpstreamStream server, SentContent sent) {
    while (!data.isEmpty()) {
      sent.sending(data.peek());
      server.sendData(data.poll());
    }
    if (ended) {
      sent.ending(trailers.count() > 0);
      server.sendEnd(trailers);
    }
  }

  void release() {
    while (!data.isEmpty()) {
      data.poll().release();
    }
  }
}

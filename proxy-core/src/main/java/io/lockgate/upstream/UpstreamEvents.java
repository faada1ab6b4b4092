package io.lockgate.upstream;

import io.lockgate.http.FieldSection;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * What becomes of an attempt, told on the event loop. After {@link #ended}, {@link #failed} or
 * {@link #notOpened} nothing more is told.
 */
public interface UpstreamEvents extends Awaiting {
  /** A connection is ready; the stream is the receiver's to send on or to cancel. */
  void opened(UpstreamStream stream);

  /** A 1xx response; the head is valid during the call only. */
  void informational(ResponseHead head);

  /**
   * The final response's head, valid during the call only; {@link #ended} follows where it has no
   * content.
   */
  void head(ResponseHead head);

  /**
   * The server has agreed to speak WebSocket, which was asked for; the head is valid during the
   * call only. From now on {@link #data} and what is sent are octets of that protocol.
   */
  void switched(ResponseHead head);

  /** Content; the receiver takes it over. */
  void data(ByteBuf data);

  /**
   * The response is complete.
   *
   * @param trailers may be empty; valid during the call only
   */
  void ended(FieldSection trailers);

  /**
   * The response breaks a rule; {@link #failed} follows.
   *
   * @param reason which one, as a metric label
   */
  default void malformed(String reason) {}

  void failed(UpstreamFailure failure);

  /** The request's content may flow again, or should pause. */
  void writabilityChanged(boolean writable);
}

package io.lockgate.exchange;

import io.lockgate.http.FieldSection;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.netty.buffer.ByteBuf;

/**
 * Where an exchange answers: an HTTP/1 connection or an HTTP/2 stream. Used on the event loop; what
 * is written leaves at the end of the turn.
 */
public interface ClientStream {
  ExchangeSummary.ClientProtocol protocol();

  /** A 1xx response; may be left out where the client cannot take it. */
  void sendInterim(ResponseHead head);

  /**
   * The final head; the section is free again after the call. Content and {@link #sendEnd} follow,
   * also after a head that has no content.
   */
  void sendHead(ResponseHead head, Method request);

  /**
   * The consent to change to WebSocket, which the client asked for; the section is free again after
   * the call. Octets of that protocol follow in both directions, until {@link #sendEnd}.
   */
  void sendSwitch(ResponseHead head, WebSocketHandshake handshake);

  /** Content; takes over {@code data}. Dropped where the response has none. */
  void sendData(ByteBuf data);

  /**
   * @param trailers may be empty
   */
  void sendEnd(FieldSection trailers);

  /** The response has begun and cannot be completed; the client must be able to tell. */
  void abort();

  /** Whether more content may be sent without piling up. */
  boolean writable();

  /** Whether request content is wanted now. */
  void wantData(boolean wanted);

  /**
   * The exchange is over, and its head free.
   *
   * @param requestComplete false if the client was still sending
   */
  void exchangeEnded(boolean requestComplete);
}

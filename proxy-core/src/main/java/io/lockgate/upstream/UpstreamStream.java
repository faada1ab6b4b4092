package io.lockgate.upstream;

import io.lockgate.http.FieldSection;
import io.netty.buffer.ByteBuf;

/**
 * One request and its response on a connection to a server. Used on the event loop of the
 * connection; what is written leaves at the end of the turn.
 */
public interface UpstreamStream {
  /** The server's address as configured. */
  String server();

  /** The very address, where {@link #server} is a name that stands for several. */
  default String address() {
    return server();
  }

  /** Whether the connection has carried a request before, and so may have been closed by now. */
  boolean reused();

  /**
   * Sends the head; must come first.
   *
   * @param end whether the request has no content
   */
  void sendHead(OutboundRequest request, boolean end);

  /** Sends content; takes over {@code data}. */
  void sendData(ByteBuf data);

  /**
   * Ends the content.
   *
   * @param trailers may be empty
   */
  void sendEnd(FieldSection trailers);

  /** Whether more content may be sent without piling up. */
  boolean writable();

  /** Whether response content is wanted now; as long as it is not, none is read. */
  void wantData(boolean wanted);

  /**
   * Gives the stream up: no event comes afterwards. A connection on which nothing was sent goes
   * back to the pool; any other is closed.
   */
  void cancel();

  /** The same because the server took too long, which speaks against it. */
  default void giveUp() {
    cancel();
  }
}

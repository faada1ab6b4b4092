package io.lockgate.upstream;

import io.lockgate.http.HeadWriter;
import io.lockgate.http.Method;
import io.lockgate.http.WebSocketHandshake;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** A request on its way to a server, as far as a connection must know it. */
public interface OutboundRequest {
  Method method();

  /** Whether content follows in the chunked transfer coding. */
  boolean chunked();

  /** What is asked for if the server is to change to WebSocket. */
  default Optional<WebSocketHandshake> webSocket() {
    return Optional.empty();
  }

  /** Appends the complete HTTP/1.1 head. May be called again for another attempt. */
  void writeHttp1Head(ByteBuf out);

  /**
   * Tells the fields of the head in the form of HTTP/2. May be called again for another attempt.
   *
   * @param https the scheme
   */
  void visitHttp2Head(boolean https, HeadWriter.FieldVisitor visitor);
}

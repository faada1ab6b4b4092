package io.lockgate.exchange;

import io.netty.buffer.ByteBuf;

/**
 * Changes the content of one response on its way from a server to the client; its head has been
 * changed to match. On the exchange's event loop. {@link #release} is the last call, exactly once.
 */
interface ResponseTransform {
  /** What is sent right behind the head; owned by the caller, may be empty. */
  ByteBuf begin();

  /** What is sent in place of a server's content, which it takes over; may be empty. */
  ByteBuf data(ByteBuf data);

  /** What is sent at the end of the server's content; may be empty. */
  ByteBuf end();

  /** Whether the client has all that it gets, whatever the server still sends. */
  boolean complete();

  /** Whether so much of the server's content was for nobody that it is better given up. */
  boolean wasteful();

  void release();
}

package io.lockgate.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * A connection within TLS that ends because its other side was waited for in vain. A connection
 * that rests between requests is not waited for: it ends with a goodbye and counts so.
 */
public final class TlsTimeout {
  private TlsTimeout() {}

  /**
   * Tells that the end that comes now is one. On the connection's event loop; means nothing on a
   * connection in clear.
   */
  public static void tell(Channel channel) {
    Counting counting = channel.pipeline().get(Counting.class);
    if (counting != null) {
      counting.timedOut();
    }
  }

  /** Counts how a connection ends. */
  interface Counting extends ChannelHandler {
    void timedOut();

    /** Ended by us without a goodbye, since what was sent is not all; no truncation by the peer. */
    void cutOff();
  }
}

package io.lockgate.upstream;

import io.lockgate.loop.Loop;

/** Servers that answer the same requests: a pool of connections, or a script in tests. */
public interface Upstream {
  String name();

  /**
   * Asks for a stream on {@code loop}, on which this is called. The answer may come before the call
   * returns.
   *
   * @param avoid address of a server that has just failed, or empty; used again only if no other is
   *     left
   */
  void open(Loop loop, UpstreamEvents events, String avoid);
}

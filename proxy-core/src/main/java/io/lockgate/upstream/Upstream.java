package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Loop;

/** Servers that answer the same requests: a pool of connections, or a script in tests. */
public interface Upstream {
  String name();

  /**
   * Asks for a stream on {@code loop}, on which this is called. The answer may come before the call
   * returns.
   */
  void open(Loop loop, UpstreamEvents events, RequestFacts facts, Attempt attempt);

  /**
   * Whether a request that failed so may be sent again; takes its share of the budget if so.
   *
   * @param retries how often it has been sent again already
   */
  boolean takeRetry(Loop loop, UpstreamConfig.Retry.Condition condition, int retries);
}

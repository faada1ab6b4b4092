package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.http.ResponseHead;
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
   * Adds to a response what the upstream itself tells the client: which server to come back to.
   *
   * @param address {@link UpstreamStream#address} of the server that answered
   */
  default void sign(Loop loop, ResponseHead head, RequestFacts facts, String address) {}

  /**
   * Whether a request whose server did not begin to answer in time may be sent again; takes its
   * share of the budget if so.
   *
   * @param retries how often it has been sent again already
   */
  default boolean takeRetryAfterTimeout(Loop loop, int retries) {
    return false;
  }

  /** How long a server may take to begin its answer; 0 where there is no such bound. */
  default long perTryNanos() {
    return 0;
  }

  /** How much content of a request is kept so that it can be sent again. */
  default int replayBytes() {
    return 0;
  }

  /**
   * Whether a request that failed so may be sent again; takes its share of the budget if so.
   *
   * @param retries how often it has been sent again already
   */
  boolean takeRetry(Loop loop, UpstreamConfig.Retry.Condition condition, int retries);
}

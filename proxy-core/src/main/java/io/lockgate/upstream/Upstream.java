package io.lockgate.upstream;

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

  /** When requests may be sent again, where their route does not say otherwise. */
  RetryTerms retryTerms();

  /** Whether servers that speak HTTP/2 can be asked to speak HTTP/1.1 instead. */
  default boolean speaksEither() {
    return false;
  }

  /** How much content of a request is kept so that it can be sent again. */
  default int replayBytes() {
    return 0;
  }

  /** Whether the budget has a retry left on this loop, which is taken with this. */
  boolean takeRetry(Loop loop);
}

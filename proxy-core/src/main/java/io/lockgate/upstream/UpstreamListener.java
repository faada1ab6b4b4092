package io.lockgate.upstream;

/** Observes what one event loop does with upstreams, on that loop. */
public interface UpstreamListener {
  UpstreamListener NONE = new UpstreamListener() {};

  /**
   * One attempt at one server is over.
   *
   * @param result {@code 1xx..5xx} class such as {@code 2xx}, or the label of a failure
   * @param nanos from the request handed over to the end of the response
   */
  default void attemptEnded(String upstream, String server, String result, long nanos) {}

  /**
   * A server's response breaks a rule.
   *
   * @param reason which one, as a metric label
   */
  default void responseRefused(String upstream, String reason) {}

  default void retried(String upstream) {}
}

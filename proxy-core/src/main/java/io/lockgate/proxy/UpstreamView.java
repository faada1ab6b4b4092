package io.lockgate.proxy;

import java.util.List;

/**
 * An upstream as it stands, for people and for gauges.
 *
 * @param waiting requests waiting for a connection
 */
public record UpstreamView(String name, String protocol, int waiting, List<ServerView> servers) {

  /**
   * @param healthy false while the last connect failed
   * @param active connections with a request on them
   * @param idle kept-alive connections without one
   */
  public record ServerView(
      String address, int weight, boolean healthy, int active, int idle, long requests) {}
}

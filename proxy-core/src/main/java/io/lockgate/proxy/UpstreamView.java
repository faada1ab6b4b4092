package io.lockgate.proxy;

import java.util.List;
import java.util.Optional;

/**
 * An upstream as it stands, for people and for gauges.
 *
 * @param protocol as configured: {@code http/1.1}, {@code h2} or {@code auto}
 * @param tls empty where connections are in clear
 * @param waiting requests waiting for a connection
 */
public record UpstreamView(
    String name, String protocol, Optional<TlsView> tls, int waiting, List<ServerView> servers) {

  /**
   * How connections are encrypted.
   *
   * @param serverName empty where each server goes by its own host
   * @param clientCertificate name of the certificate presented
   * @param pins how many public keys are pinned
   */
  public record TlsView(
      Optional<String> serverName,
      boolean verify,
      String policy,
      Optional<String> clientCertificate,
      int pins) {}

  /**
   * @param healthy false while the last connect failed
   * @param active connections with a request on them
   * @param idle kept-alive connections without one
   * @param lastError why a connection could not be opened, however long ago
   */
  public record ServerView(
      String address,
      int weight,
      boolean healthy,
      int active,
      int idle,
      long requests,
      Optional<ErrorView> lastError) {}

  /**
   * @param failure as in {@code upstream_requests_total}
   * @param time as ISO 8601
   */
  public record ErrorView(String time, String failure, String reason) {}
}

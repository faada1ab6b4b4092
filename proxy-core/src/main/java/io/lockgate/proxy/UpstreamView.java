package io.lockgate.proxy;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamTlsConfig;
import io.lockgate.upstream.ServerFigures;
import io.lockgate.upstream.UpstreamPool;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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

  static UpstreamView of(UpstreamConfig config, UpstreamPool pool) {
    return new UpstreamView(
        pool.name(),
        protocol(config.protocol()),
        config.tls().map(TlsView::of),
        pool.waiting(),
        pool.figures().stream().map(ServerView::of).toList());
  }

  private static String protocol(UpstreamConfig.Protocol protocol) {
    return switch (protocol) {
      case HTTP_1_1 -> "http/1.1";
      case H2 -> "h2";
      case AUTO -> "auto";
    };
  }

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
      int pins) {

    private static TlsView of(UpstreamTlsConfig tls) {
      return new TlsView(
          tls.serverName(), tls.verify(), tls.policy(), tls.clientCertificate(), tls.pins().size());
    }
  }

  /**
   * @param name as configured; {@code address} is one of the name's
   * @param state ready, unreachable, unhealthy, ejected, unresolved, draining or maintenance
   * @param since when the state changed last
   * @param error the last thing that went wrong, or empty
   * @param active connections with a request on them
   * @param idle kept-alive connections without one
   * @param inFlight requests that have begun and not ended
   */
  public record ServerView(
      String address,
      String name,
      int weight,
      int priority,
      String state,
      boolean healthy,
      Instant since,
      String error,
      int ejections,
      int active,
      int idle,
      int inFlight,
      long requests) {

    private static ServerView of(ServerFigures server) {
      return new ServerView(
          server.address(),
          server.name(),
          server.weight(),
          server.priority(),
          server.state().name().toLowerCase(Locale.ROOT),
          server.healthy(),
          server.since(),
          server.error(),
          server.ejections(),
          server.active(),
          server.idle(),
          server.inFlight(),
          server.requests());
    }
  }
}

package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A group of servers that answer the same requests.
 *
 * @param tls empty where connections are in clear
 * @param maxConnections bound over all event loops and servers together
 * @param maxWaiting requests that may wait for a connection, over all event loops
 * @param maxRequestsPerConnection 0 means no bound
 */
public record UpstreamConfig(
    String name,
    List<Server> servers,
    Protocol protocol,
    Optional<UpstreamTlsConfig> tls,
    Balance balance,
    Duration connectTimeout,
    Duration responseTimeout,
    Duration idleTimeout,
    int maxConnections,
    int maxWaiting,
    int maxRequestsPerConnection,
    Retry retry) {

  public UpstreamConfig {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("an upstream needs a server");
    }
  }

  /**
   * One address of an upstream.
   *
   * @param host a name or an IP literal without brackets
   * @param weight share of requests, relative to the other servers
   */
  public record Server(String host, int port, int weight) {
    /** As an operator writes it; also the metric label. */
    public String address() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** What is spoken to the servers. */
  public enum Protocol {
    HTTP_1_1,
    /** By prior knowledge in clear, by ALPN over TLS. */
    H2,
    /** What ALPN finds. */
    AUTO
  }

  /** How a server is picked. */
  public enum Balance {
    ROUND_ROBIN
  }

  /**
   * When a request may be sent again, to the next server.
   *
   * @param attempts further attempts after the first
   * @param budgetPercent bound of retries as a share of requests
   */
  public record Retry(int attempts, List<Condition> on, int budgetPercent) {
    public Retry {
      on = List.copyOf(on);
    }

    /** What happened to the attempt before. */
    public enum Condition {
      CONNECT_FAILURE,
      RESET_BEFORE_RESPONSE,
      REFUSED_STREAM
    }
  }
}

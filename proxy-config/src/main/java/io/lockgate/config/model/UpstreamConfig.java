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
 * @param maxWait how long one of them waits
 * @param maxRequestsPerConnection 0 means no bound
 * @param sendProxyProtocol the header that every connection begins with
 */
public record UpstreamConfig(
    String name,
    List<Server> servers,
    Protocol protocol,
    Optional<UpstreamTlsConfig> tls,
    BalanceConfig balance,
    Duration connectTimeout,
    Duration responseTimeout,
    Duration idleTimeout,
    int maxConnections,
    int maxWaiting,
    Duration maxWait,
    int maxRequestsPerConnection,
    Optional<HealthConfig> health,
    Optional<EjectionConfig> ejection,
    Retry retry,
    SendProxyProtocol sendProxyProtocol) {

  public UpstreamConfig {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("an upstream needs a server");
    }
  }

  /** An upstream whose servers are not told about clients before the first byte. */
  public UpstreamConfig(
      String name,
      List<Server> servers,
      Protocol protocol,
      Optional<UpstreamTlsConfig> tls,
      BalanceConfig balance,
      Duration connectTimeout,
      Duration responseTimeout,
      Duration idleTimeout,
      int maxConnections,
      int maxWaiting,
      Duration maxWait,
      int maxRequestsPerConnection,
      Optional<HealthConfig> health,
      Optional<EjectionConfig> ejection,
      Retry retry) {
    this(
        name,
        servers,
        protocol,
        tls,
        balance,
        connectTimeout,
        responseTimeout,
        idleTimeout,
        maxConnections,
        maxWaiting,
        maxWait,
        maxRequestsPerConnection,
        health,
        ejection,
        retry,
        SendProxyProtocol.OFF);
  }

  /** Which version of the PROXY protocol tells servers who the client is. */
  public enum SendProxyProtocol {
    OFF,
    V1,
    V2
  }

  /**
   * One address of an upstream.
   *
   * @param host a name, an IP literal without brackets, or {@code unix:} and the path of a socket
   * @param port 0 for a Unix socket
   * @param weight share of requests, relative to the other servers
   * @param priority servers with a higher number are used only where those with lower ones fail
   */
  public record Server(String host, int port, int weight, int priority) {
    private static final String UNIX = "unix:";

    public Server(String host, int port, int weight) {
      this(host, port, weight, 0);
    }

    /** A server behind a Unix socket. */
    public static Server unix(String path) {
      return new Server(UNIX + path, 0, 1, 0);
    }

    /** The path of the Unix socket, if it is one. */
    public Optional<String> unixPath() {
      return host.startsWith(UNIX) ? Optional.of(host.substring(UNIX.length())) : Optional.empty();
    }

    /** As an operator writes it; also the metric label. */
    public String address() {
      if (unixPath().isPresent()) {
        return host;
      }
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

  /**
   * When a request may be sent again, to the next server.
   *
   * @param attempts further attempts after the first
   * @param budgetPercent bound of retries as a share of requests
   * @param perTryTimeout from a request handed to a server to the head of its response; zero means
   *     no bound
   * @param replayBytes content of a request up to this size is kept, so that it can be sent again
   */
  public record Retry(
      int attempts,
      List<Condition> on,
      int budgetPercent,
      Duration perTryTimeout,
      int replayBytes) {
    public Retry {
      on = List.copyOf(on);
    }

    public Retry(int attempts, List<Condition> on, int budgetPercent) {
      this(attempts, on, budgetPercent, Duration.ZERO, 0);
    }

    /** What happened to the attempt before. */
    public enum Condition {
      CONNECT_FAILURE,
      RESET_BEFORE_RESPONSE,
      REFUSED_STREAM
    }
  }
}

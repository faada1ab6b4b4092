package io.lockgate.config.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * A socket that accepts clients.
 *
 * @param protocols ALPN names in the order of preference: {@code h2}, {@code http/1.1}
 * @param redirectToHttps a plain listener that answers every request with a redirect to https
 * @param redirectPort where it redirects to; empty leaves that to the other listeners
 * @param maxConnections client connections at a time; 0 means no bound of its own
 * @param proxyProtocol whether each connection starts with a PROXY protocol header
 */
public record ListenerConfig(
    String name,
    BindAddress address,
    boolean tls,
    List<String> protocols,
    boolean redirectToHttps,
    OptionalInt redirectPort,
    int maxConnections,
    ProxyProtocolConfig proxyProtocol) {

  public ListenerConfig {
    protocols = List.copyOf(protocols);
  }

  /** A listener that says nothing of another port. */
  public ListenerConfig(
      String name,
      BindAddress address,
      boolean tls,
      List<String> protocols,
      boolean redirectToHttps,
      int maxConnections,
      ProxyProtocolConfig proxyProtocol) {
    this(
        name,
        address,
        tls,
        protocols,
        redirectToHttps,
        OptionalInt.empty(),
        maxConnections,
        proxyProtocol);
  }

  /** What a listener expects before the first byte of TLS. */
  public record ProxyProtocolConfig(boolean accept, List<CidrBlock> trusted) {
    public static final ProxyProtocolConfig OFF = new ProxyProtocolConfig(false, List.of());

    public ProxyProtocolConfig {
      trusted = List.copyOf(trusted);
    }
  }
}

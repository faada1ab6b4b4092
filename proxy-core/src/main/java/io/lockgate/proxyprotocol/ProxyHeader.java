package io.lockgate.proxyprotocol;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * A PROXY protocol header (haproxy.org, proxy-protocol.txt, version of 2020 and its registry of
 * types), read and checked. Immutable.
 *
 * @param version 1 or 2
 * @param local whether the sender speaks for itself, as for a health check
 * @param endpoints of the connection that the sender accepted; empty where it says nothing of them,
 *     or where they are no IP addresses
 * @param values the type-length-values of version 2, in the order of the header, without padding
 *     and checksum
 */
public record ProxyHeader(
    int version, boolean local, Optional<Endpoints> endpoints, List<TypedValue> values) {

  public ProxyHeader {
    values = List.copyOf(values);
  }

  /** Who connected, and where to. */
  public record Endpoints(InetSocketAddress source, InetSocketAddress destination) {}

  /** The value of a type; empty where the header has none. */
  public Optional<TypedValue> value(int type) {
    return values.stream().filter(value -> value.type() == type).findFirst();
  }

  /** The application protocol that was agreed on (ALPN). */
  public Optional<String> alpn() {
    return value(TypedValue.ALPN).map(TypedValue::text);
  }

  /** The name that the client asked for (SNI). */
  public Optional<String> authority() {
    return value(TypedValue.AUTHORITY).map(TypedValue::text);
  }

  /** The name space of the network that the connection belongs to. */
  public Optional<String> networkNamespace() {
    return value(TypedValue.NETNS).map(TypedValue::text);
  }

  /** What the sender knows of the client's TLS. */
  public Optional<SenderTls> tls() {
    return value(TypedValue.SSL).map(SenderTls::of);
  }
}

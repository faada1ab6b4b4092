package io.lockgate.exchange;

import io.lockgate.config.model.UpstreamConfig.SendProxyProtocol;
import io.lockgate.http.ForwardedFields;
import io.lockgate.proxyprotocol.ProxyHeader;
import io.lockgate.tls.TlsFacts;
import io.lockgate.upstream.Announcement;
import java.util.Optional;

/**
 * What is the same for all exchanges of a client's connection.
 *
 * @param listener label of the listener
 * @param clientAddress of whoever opened the connection, or whom the PROXY header names, as text
 *     without port
 * @param header what a load balancer in front said of the connection
 * @param forwarded tells upstreams who the client is
 * @param ends who connected and where to; empty where nobody has to know
 */
public record ClientFacts(
    String listener,
    String clientAddress,
    Optional<ProxyHeader> header,
    TlsFacts tls,
    ForwardedFields.ForConnection forwarded,
    Optional<ProxyHeader.Endpoints> ends)
    implements Announcement {

  /** Of a connection whose ends nobody has to know. */
  public ClientFacts(
      String listener,
      String clientAddress,
      Optional<ProxyHeader> header,
      TlsFacts tls,
      ForwardedFields.ForConnection forwarded) {
    this(listener, clientAddress, header, tls, forwarded, Optional.empty());
  }

  @Override
  public byte[] encoded(SendProxyProtocol version) {
    return Announcement.encoded(ClientHeader.terminated(ends, header, tls), version);
  }
}

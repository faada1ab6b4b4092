package io.lockgate.exchange;

import io.lockgate.http.ForwardedFields;
import io.lockgate.proxyprotocol.ProxyHeader;
import io.lockgate.tls.TlsFacts;
import java.util.Optional;

/**
 * What is the same for all exchanges of a client's connection.
 *
 * @param listener label of the listener
 * @param clientAddress of whoever opened the connection, or whom the PROXY header names, as text
 *     without port
 * @param header what a load balancer in front said of the connection
 * @param forwarded tells upstreams who the client is
 */
public record ClientFacts(
    String listener,
    String clientAddress,
    Optional<ProxyHeader> header,
    TlsFacts tls,
    ForwardedFields.ForConnection forwarded) {}

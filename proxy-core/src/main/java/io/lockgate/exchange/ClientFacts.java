package io.lockgate.exchange;

import io.lockgate.http.ForwardedFields;
import io.lockgate.tls.TlsFacts;

/**
 * What is the same for all exchanges of a client's connection.
 *
 * @param listener label of the listener
 * @param clientAddress of whoever opened the connection, as text without port
 * @param forwarded tells upstreams who the client is
 */
public record ClientFacts(
    String listener, String clientAddress, TlsFacts tls, ForwardedFields.ForConnection forwarded) {}

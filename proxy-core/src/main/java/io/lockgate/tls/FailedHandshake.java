package io.lockgate.tls;

import java.util.Optional;

/**
 * A handshake with a client that came to nothing.
 *
 * @param host label of the configured host, or {@code other}
 * @param detail a sentence for people
 * @param hello what the client offered; empty where it did not get so far
 */
public record FailedHandshake(
    String listener,
    String host,
    HandshakeFailure failure,
    String clientAddress,
    String detail,
    Optional<ClientHello> hello) {}

package io.lockgate.tls;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.function.Function;

/**
 * What the handshakes of one listener on one event loop have in common.
 *
 * @param listener label of the listener
 * @param handshakeTimeout from accept to the end of the handshake
 * @param clientAddress for reports of failures; asked only then
 */
public record TlsEntrance(
    String listener,
    TlsDecider decider,
    SecuredConnection secured,
    TlsListener events,
    Duration handshakeTimeout,
    Function<Channel, String> clientAddress) {}

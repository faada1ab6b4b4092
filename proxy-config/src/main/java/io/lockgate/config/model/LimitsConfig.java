package io.lockgate.config.model;

import java.util.Optional;

/**
 * Bounds of the whole process.
 *
 * @param maxConnectionsPerClient per client address, of IPv6 its /64; 0 means no bound
 * @param handshakesPerSecond 0 means no bound
 * @param maxConcurrentHandshakes 0 means no bound
 * @param memory beyond which new work is refused
 * @param requests counts the requests of all routes together that have no limit of their own
 */
public record LimitsConfig(
    int maxConnections,
    int maxConnectionsPerClient,
    int handshakesPerSecond,
    int maxConcurrentHandshakes,
    MemoryCeiling memory,
    Optional<RequestLimit> requests) {}

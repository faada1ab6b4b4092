package io.lockgate.config.model;

/**
 * Bounds of the whole process.
 *
 * @param maxConnectionsPerClient per client address; 0 means no bound
 * @param handshakesPerSecond 0 means no bound
 * @param memoryPercent share of direct memory beyond which new work is refused
 */
public record LimitsConfig(
    int maxConnections, int maxConnectionsPerClient, int handshakesPerSecond, int memoryPercent) {}

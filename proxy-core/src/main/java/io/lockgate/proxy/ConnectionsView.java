package io.lockgate.proxy;

/**
 * Open client connections that have much in common.
 *
 * @param host label of the configured host; empty where that is not known (without TLS)
 * @param protocol {@code h1}, {@code h2}, {@code tcp} or {@code passthrough}
 * @param open how many there are; those within their handshake are not among them
 * @param oldestSeconds since when the oldest of them stands
 * @param oldestClient address of that one's client
 */
public record ConnectionsView(
    String listener,
    String host,
    String protocol,
    long open,
    double oldestSeconds,
    String oldestClient) {}

package io.lockgate.proxy;

/**
 * A socket as it stands.
 *
 * @param address where it is bound, with the port that the system chose
 */
public record ListenerView(String name, String address, boolean tls, long open) {}

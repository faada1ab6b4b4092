package io.lockgate.upstream;

/**
 * A connection to a server that could not be opened.
 *
 * @param atMillis since the epoch
 */
public record ConnectError(long atMillis, UpstreamFailure failure, String reason) {}

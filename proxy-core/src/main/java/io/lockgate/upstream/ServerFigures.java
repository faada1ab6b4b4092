package io.lockgate.upstream;

import java.time.Instant;

/**
 * A server in numbers.
 *
 * @param name as configured; also the label in metrics
 * @param address one of the name's addresses, or the same again
 * @param since when the state changed last
 * @param error the last thing that went wrong, or empty
 * @param ejections so far
 * @param active connections with a request on them
 * @param idle kept connections without one
 * @param inFlight requests that have begun and not ended
 */
public record ServerFigures(
    String name,
    String address,
    int weight,
    int priority,
    ServerState state,
    boolean healthy,
    Instant since,
    String error,
    int ejections,
    int active,
    int idle,
    int inFlight,
    long requests) {

  static ServerFigures of(
      UpstreamServer server, int active, int idle, int inFlight, long requests) {
    ServerStanding standing = server.standing();
    return new ServerFigures(
        server.label(),
        server.address(),
        server.weight(),
        server.priority(),
        standing.state(),
        standing.health().healthy(),
        Instant.ofEpochMilli(standing.since()),
        standing.error(),
        standing.ejections(),
        active,
        idle,
        inFlight,
        requests);
  }

  /** A name without addresses. */
  static ServerFigures unresolved(String name, String error) {
    return new ServerFigures(
        name, name, 0, 0, ServerState.UNRESOLVED, false, Instant.EPOCH, error, 0, 0, 0, 0, 0);
  }
}

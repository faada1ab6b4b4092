package io.lockgate.upstream;

import io.lockgate.loop.Deadline;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that waits for a connection of {@link LoopConnections}, or for a connect to succeed. On
 * its event loop only.
 */
abstract class Waiter extends Deadline implements ServerConnector.Outcome, AddressRace.Course {
  final LoopConnections connections;
  final Awaiting events;
  final RequestFacts facts;
  final Attempt attempt;

  /** The server that was picked first; others will do where affinity is not asked for. */
  final ServerSlot wanted;

  final List<ServerSlot> tried = new ArrayList<>(2);
  ServerSlot asked;
  int timeouts;

  /** Others wait for the connection that is being opened for this one. */
  boolean first;

  Waiter(
      LoopConnections connections,
      Awaiting events,
      RequestFacts facts,
      Attempt attempt,
      ServerSlot wanted) {
    this.connections = connections;
    this.events = events;
    this.facts = facts;
    this.attempt = attempt;
    this.wanted = wanted;
  }

  /** Goes on with a connection, of the kind that it had opened. */
  abstract void take(UpstreamConnection connection);

  @Override
  public void connected(UpstreamConnection connection) {
    connections.connected(this, connection);
  }

  @Override
  public void notConnected(ServerSlot slot, UpstreamFailure failure, String reason) {
    connections.notConnected(this, slot, failure, reason);
  }

  @Override
  public boolean reservePlace() {
    return connections.pool().places().reserveConnection();
  }

  @Override
  public void releasePlace() {
    connections.pool().releaseConnection(connections.loop());
  }

  @Override
  public void entered(ServerSlot slot) {
    tried.add(slot);
  }

  @Override
  public void failed(ServerSlot slot, UpstreamFailure failure, String reason) {
    connections.connectFailed(slot, failure, reason);
  }

  @Override
  public void outrun(ServerSlot slot, String reason) {
    slot.server.standing().connectFailed(reason, connections.loop().nanoTime());
  }

  @Override
  protected void expired() {
    connections.waitedTooLong(this);
  }
}

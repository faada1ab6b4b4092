package io.lockgate.upstream;

/** Somebody who waits for a connection of its own, over which bytes go as they come. */
final class RawWaiter extends Waiter {
  private final RawEvents asker;
  private final boolean postgres;

  RawWaiter(
      LoopConnections connections,
      RawEvents asker,
      RequestFacts facts,
      ServerSlot wanted,
      boolean postgres) {
    super(connections, asker, facts, Attempt.OF_ITS_OWN, wanted);
    this.asker = asker;
    this.postgres = postgres;
  }

  @Override
  public ConnectAttempt dial(ServerSlot slot, ServerConnector.Outcome outcome) {
    return connections.connector().connectRaw(slot, facts, postgres, outcome);
  }

  @Override
  void take(UpstreamConnection connection) {
    RawConnection raw = (RawConnection) connection;
    raw.begin();
    asker.connected(raw);
  }
}

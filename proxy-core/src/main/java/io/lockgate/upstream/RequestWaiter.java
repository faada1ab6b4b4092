package io.lockgate.upstream;

import io.lockgate.tls.UpstreamTls.Offer;

/** A request that waits for a connection which speaks HTTP. */
final class RequestWaiter extends Waiter {
  private final UpstreamEvents request;
  private final Offer offer;

  RequestWaiter(
      LoopConnections connections,
      UpstreamEvents request,
      RequestFacts facts,
      Attempt attempt,
      ServerSlot wanted) {
    super(connections, request, facts, attempt, wanted);
    this.offer = attempt.overHttp1() ? Offer.HTTP_1_1 : Offer.ALL;
    this.request = request;
  }

  @Override
  public ConnectAttempt dial(ServerSlot slot, ServerConnector.Outcome outcome) {
    return connections.connector().connect(slot, facts, offer, outcome);
  }

  @Override
  void take(UpstreamConnection connection) {
    LoopConnections.hand(connection, request);
  }
}

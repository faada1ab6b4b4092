package io.lockgate.upstream;

/** One way of picking a server; one per upstream and event loop, on that loop. */
interface Balancer {
  /** One of the candidates, of which there is at least one. */
  ServerSlot pick(Candidates from, RequestFacts facts);

  /** A server that takes the request though it is no candidate; null where there is none. */
  default ServerSlot pickBeyond(Candidates none, RequestFacts facts) {
    return null;
  }

  /** The servers of the upstream are others from now on. */
  default void follow(ServerSet set) {}
}

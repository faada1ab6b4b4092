package io.lockgate.upstream;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Back to the server that the request's cookie names, as long as it takes requests. */
final class BySticky implements Balancer {
  private final StickyCookies cookies;
  private final Balancer others;
  private final Map<UpstreamServer, Integer> places = new HashMap<>();

  /**
   * @param others picks for requests without a good cookie
   */
  BySticky(StickyCookies cookies, Balancer others) {
    this.cookies = cookies;
    this.others = others;
  }

  @Override
  public void follow(ServerSet set) {
    places.clear();
    for (UpstreamServer server : set.servers()) {
      places.put(server, places.size());
    }
    cookies.follow(set);
    others.follow(set);
  }

  @Override
  public ServerSlot pick(Candidates from, RequestFacts facts) {
    ServerSlot named = named(from, facts);
    return named == null ? others.pick(from, facts) : named;
  }

  @Override
  public ServerSlot pickBeyond(Candidates none, RequestFacts facts) {
    return named(none, facts);
  }

  /** The server that the cookie names; null where there is none, or it takes no requests. */
  private ServerSlot named(Candidates from, RequestFacts facts) {
    Optional<UpstreamServer> server = cookies.serverOf(facts);
    if (server.isEmpty()) {
      return null;
    }
    ServerSlot slot = from.at(places.get(server.get()));
    ServerState state = server.get().standing().state();
    boolean takes = from.has(slot) || takesClientsOfItsOwn(server.get(), state);
    return takes && from.admits(slot) ? slot : null;
  }

  /** A draining server goes on with its clients, and one of a group that is not used, too. */
  private static boolean takesClientsOfItsOwn(UpstreamServer server, ServerState state) {
    return state == ServerState.READY
        || (state == ServerState.DRAINING && server.standing().health() == ServerState.READY);
  }
}

package io.lockgate.upstream;

/**
 * The connections of one upstream that wait for a request on one event loop: taking them, newest
 * first, and ending them. They stand in the slots of their servers. On that loop only.
 */
final class IdleConnections {
  private final UpstreamPool pool;

  IdleConnections(UpstreamPool pool) {
    this.pool = pool;
  }

  /** One to a server that may carry a request; null if there is none. */
  UpstreamConnection take(ServerSlot slot, RequestFacts facts) {
    return pool.announces() ? takeOwn(slot, facts.announcement()) : take(slot);
  }

  /** Of connections that belong to one client each, the one of this client. */
  private UpstreamConnection takeOwn(ServerSlot slot, Announcement client) {
    for (UpstreamConnection connection : slot.idle) {
      if (connection.announced() == client) {
        slot.idle.removeLastOccurrence(connection);
        if (connection.usable()) {
          return connection;
        }
        connection.retire();
        return null;
      }
    }
    return null;
  }

  /** Whoever it belongs to. A connection that is not shared leaves the pool with this. */
  UpstreamConnection take(ServerSlot slot) {
    while (true) {
      UpstreamConnection connection = slot.idle.peekLast();
      if (connection == null) {
        return null;
      }
      boolean usable = connection.usable();
      if (!usable || !connection.shared()) {
        slot.idle.pollLast();
      }
      if (usable) {
        return connection;
      }
      connection.retire();
    }
  }

  /** One to any server that takes requests; null if there is none. */
  UpstreamConnection takeAny(ServerSlot[] slots) {
    for (ServerSlot slot : slots) {
      if (slot.server.standing().state() == ServerState.READY) {
        UpstreamConnection connection = take(slot);
        if (connection != null) {
          return connection;
        }
      }
    }
    return null;
  }

  /** Closes a connection that carries no request, to one of the servers. */
  void closeUnused(ServerSlot[] slots) {
    for (ServerSlot slot : slots) {
      for (UpstreamConnection connection : slot.idle) {
        if (connection.unused()) {
          connection.close();
          return;
        }
      }
    }
  }

  /** Ends all of a server. */
  void retire(ServerSlot slot) {
    UpstreamConnection connection;
    while ((connection = take(slot)) != null) {
      connection.retire();
    }
  }
}

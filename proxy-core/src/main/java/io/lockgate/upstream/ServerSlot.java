package io.lockgate.upstream;

import java.util.ArrayDeque;

/**
 * What one event loop knows of one server: its idle connections and the state of balancing. Written
 * by its loop only; counts are read by others for reports, where a stale value does no harm.
 */
final class ServerSlot {
  final UpstreamServer server;
  private final Outcomes outcomes;

  /** Those that can take another request: unused ones, and shared ones that have room. */
  final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();

  /** Place in the set of servers. */
  int index;

  int share;

  /** Connections without a request. */
  int idleCount;

  /** Connections with one request or more. */
  int activeCount;

  /** Requests on them, on this loop. */
  int inFlight;

  long requests;

  /** ALPN has found a server that speaks HTTP/1.1 only, so its connections are not shared. */
  boolean http1;

  /** The server is none of the upstream's any more; what is under way may end. */
  boolean removed;

  /** How many heads of responses came, and how long they took altogether. */
  long heads;

  long headNanos;

  ServerSlot(UpstreamServer server, Outcomes outcomes) {
    this.server = server;
    this.outcomes = outcomes;
  }

  /** A request has a stream to the server from now on. */
  void requestBegan() {
    inFlight++;
    if (outcomes.countsLoad()) {
      server.load().incrementAndGet();
    }
  }

  /** The stream is given back or gone. */
  void requestEnded() {
    inFlight--;
    if (outcomes.countsLoad()) {
      server.load().decrementAndGet();
    }
  }

  /** Whether {@link #answered} wants to know how long it took. */
  boolean timed() {
    return outcomes.timesHeads();
  }

  /** A connection over which no response will be seen was opened, which is as good as one. */
  void connected() {
    outcomes.connected(server);
  }

  /**
   * The head of a final response has come.
   *
   * @param nanos since the request was sent; 0 where nobody wants to know
   */
  void answered(int status, long nanos) {
    heads++;
    headNanos += nanos;
    outcomes.answered(server, status);
  }

  /**
   * A request that was sent has failed, or was given up because it took too long.
   *
   * @param reused whether the connection had carried a request before
   */
  void failed(UpstreamFailure failure, boolean reused) {
    // A kept connection that proves to be closed says nothing about the server.
    if (!(reused && failure == UpstreamFailure.CLOSED_BEFORE_RESPONSE)) {
      outcomes.failed(server, failure);
    }
  }
}

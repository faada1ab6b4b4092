package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig;
import io.netty.handler.codec.http2.Http2Connection;

/**
 * How an HTTP/2 connection to a server stands with its pool: how many requests it carries, whether
 * it has room for another one, and how it is counted in its server's slot. On the connection's
 * event loop.
 */
final class Occupancy {
  /** As many as one client may ask for; beyond that another connection spreads the load better. */
  static final int MOST_STREAMS = 256;

  private final LoopConnections owner;
  private final ServerSlot slot;
  private final Http2UpstreamConnection connection;
  private final Http2Connection streams;
  private final int mostRequests;

  /** Requests begun whose stream is not open yet. */
  private int begun;

  private int requests;
  private int carried;

  /**
   * What the last GOAWAY said; the first of two may well name all streams (RFC 9113 section 6.8).
   */
  private int lastProcessed = Integer.MAX_VALUE;

  private boolean goingAway;
  private boolean pooled;
  private boolean counted;
  private boolean activeWhenCounted;
  private boolean retired;

  Occupancy(
      LoopConnections owner,
      ServerSlot slot,
      Http2UpstreamConnection connection,
      Http2Connection streams) {
    this.owner = owner;
    this.slot = slot;
    this.connection = connection;
    this.streams = streams;
    UpstreamConfig config = owner.pool().config();
    this.mostRequests = config.maxRequestsPerConnection();
  }

  /** Whether nothing that is known here forbids another request. */
  boolean room() {
    return !retired
        && !goingAway
        && begun + streams.local().numActiveStreams() < mostStreams()
        && streams.local().lastStreamCreated() < Integer.MAX_VALUE - 2 * MOST_STREAMS
        && !usedUp();
  }

  /** How many streams may be open at a time. */
  int mostStreams() {
    return Math.min(MOST_STREAMS, streams.local().maxActiveStreams());
  }

  /** Whether it carries no request. */
  boolean unused() {
    return carried == 0;
  }

  /** Whether a request has been sent on it before. */
  boolean reused() {
    return requests > 0;
  }

  /** Whether the server said that it would not answer {@code streamId}. */
  boolean neverProcessed(int streamId) {
    return streamId > lastProcessed;
  }

  /** Whether it is to end as soon as it carries nothing. */
  boolean leaving() {
    return retired || goingAway || usedUp();
  }

  private boolean usedUp() {
    return mostRequests > 0 && requests >= mostRequests;
  }

  // ---- what changes it

  void requestBegins() {
    begun++;
    requests++;
    slot.requests++;
    slot.requestBegan();
    carried++;
    count();
    roomChanged();
  }

  void streamOpens() {
    begun--;
  }

  /**
   * A request is over; its stream may live on a little.
   *
   * @param opened false if it never had a stream
   */
  void requestEnds(boolean opened) {
    if (!opened && begun > 0) {
      begun--;
    }
    carried--;
    slot.requestEnded();
    count();
  }

  void goAway(int lastStreamId) {
    goingAway = true;
    lastProcessed = lastStreamId;
  }

  void retire() {
    retired = true;
  }

  /** Waits in the pool from now on. */
  void rest() {
    pooled = true;
    count();
  }

  /** Tells the pool whether another request may come. */
  void roomChanged() {
    boolean room = connection.usable();
    if (room && !pooled) {
      owner.release(connection);
    } else if (!room) {
      leave();
    }
  }

  /** The connection is gone. */
  void gone() {
    uncount();
    leave();
  }

  private void leave() {
    if (pooled) {
      pooled = false;
      owner.forget(connection);
    }
  }

  /** Keeps the slot's figures: this is one connection, active or idle. */
  private void count() {
    uncount();
    if (connection.serving()) {
      counted = true;
      activeWhenCounted = carried > 0;
      if (activeWhenCounted) {
        slot.activeCount++;
      } else {
        slot.idleCount++;
      }
    }
  }

  private void uncount() {
    if (counted) {
      counted = false;
      if (activeWhenCounted) {
        slot.activeCount--;
      } else {
        slot.idleCount--;
      }
    }
  }
}

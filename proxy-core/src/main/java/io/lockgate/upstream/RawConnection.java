package io.lockgate.upstream;

import io.netty.channel.Channel;

/**
 * A connection to a server that belongs to one client for its whole life and carries bytes that
 * nobody here looks at. Counted in its slot until it closes; never kept for another. On its event
 * loop.
 */
public final class RawConnection implements UpstreamConnection {
  private final LoopConnections owner;
  private final ServerSlot slot;
  private final Channel channel;
  private boolean begun;

  RawConnection(LoopConnections owner, ServerSlot slot, Channel channel) {
    this.owner = owner;
    this.slot = slot;
    this.channel = channel;
    channel.closeFuture().addListener(closed -> gone());
  }

  public Channel channel() {
    return channel;
  }

  /** The server's label. */
  public String server() {
    return slot.server.label();
  }

  void begin() {
    begun = true;
    slot.activeCount++;
    slot.requests++;
    slot.requestBegan();
    slot.connected();
  }

  private void gone() {
    if (begun) {
      slot.activeCount--;
      slot.requestEnded();
    }
    owner.pool().releaseConnection(owner.loop());
  }

  @Override
  public ServerSlot slot() {
    return slot;
  }

  @Override
  public boolean usable() {
    return false;
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public boolean unused() {
    return !begun;
  }

  @Override
  public UpstreamStream begin(UpstreamEvents events) {
    throw new AssertionError("no requests go over this connection");
  }

  @Override
  public void rest() {
    throw new AssertionError("never kept");
  }

  @Override
  public void retire() {
    close();
  }

  @Override
  public void close() {
    channel.close();
  }
}

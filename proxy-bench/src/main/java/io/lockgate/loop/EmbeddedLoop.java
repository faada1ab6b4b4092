package io.lockgate.loop;

import io.netty.channel.embedded.EmbeddedChannel;

/**
 * Lets benchmarks at the loop that handlers ask for, on the thread of an embedded channel: in the
 * proxy a loop comes with a thread of its own.
 */
public final class EmbeddedLoop {
  private EmbeddedLoop() {}

  /** Its turns are those of {@code channel}. */
  public static Loop of(EmbeddedChannel channel) {
    return new Loop(0, channel.eventLoop());
  }
}

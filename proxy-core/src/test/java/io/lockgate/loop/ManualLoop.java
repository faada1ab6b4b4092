package io.lockgate.loop;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An event loop whose turns and clock a test advances, on the test's thread. */
public final class ManualLoop implements AutoCloseable {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Loop loop;
  private long now = TimeUnit.DAYS.toNanos(3);

  public ManualLoop() {
    channel.freezeTime();
    loop = new Loop(0, channel.eventLoop(), () -> now);
  }

  public Loop loop() {
    return loop;
  }

  /** Lets time pass, tick by tick, and runs what falls due. */
  public void pass(Duration time) {
    long end = now + time.toNanos();
    while (now < end) {
      now = Math.min(end, now + Deadlines.TICK_NANOS);
      channel.advanceTimeBy(Deadlines.TICK_NANOS, TimeUnit.NANOSECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  /** Whether anything is armed. */
  public boolean busy() {
    return channel.hasPendingTasks();
  }

  @Override
  public void close() {
    channel.close();
  }
}

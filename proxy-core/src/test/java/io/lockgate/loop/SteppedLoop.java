package io.lockgate.loop;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An event loop whose turns and time a test takes one by one, flushes at their ends included. */
public final class SteppedLoop implements AutoCloseable {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Loop loop;
  private long now = TimeUnit.DAYS.toNanos(3);

  public SteppedLoop() {
    channel.freezeTime();
    loop = new Loop(0, channel.eventLoop(), () -> now);
  }

  public Loop loop() {
    return loop;
  }

  /** Ends the turn. */
  public void settle() {
    channel.runPendingTasks();
  }

  /** Lets time pass, tick by tick, and runs what falls due. */
  public void pass(Duration time) {
    long end = now + time.toNanos();
    while (now < end) {
      now = Math.min(end, now + Deadlines.TICK_NANOS);
      channel.advanceTimeBy(Deadlines.TICK_NANOS, TimeUnit.NANOSECONDS);
      channel.runScheduledPendingTasks();
      channel.runPendingTasks();
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}

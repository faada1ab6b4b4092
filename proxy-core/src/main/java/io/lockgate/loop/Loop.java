package io.lockgate.loop;

import io.netty.channel.EventLoop;
import java.util.function.LongSupplier;

/**
 * One event loop with what belongs to it alone. Everything a connection needs on its thread is
 * reached from here, so that no part of the data plane looks for thread-local or shared state.
 */
public final class Loop {
  private final int index;
  private final EventLoop executor;
  private final Deadlines deadlines;
  private final FlushQueue flushes;

  Loop(int index, EventLoop executor) {
    this(index, executor, System::nanoTime);
  }

  Loop(int index, EventLoop executor, LongSupplier nanoClock) {
    this.index = index;
    this.executor = executor;
    this.deadlines = new Deadlines(executor, nanoClock);
    this.flushes = new FlushQueue(executor);
  }

  /** 0 to the number of loops - 1. */
  public int index() {
    return index;
  }

  public EventLoop executor() {
    return executor;
  }

  public Deadlines deadlines() {
    return deadlines;
  }

  public FlushQueue flushes() {
    return flushes;
  }

  public long nanoTime() {
    return deadlines.nanoTime();
  }
}

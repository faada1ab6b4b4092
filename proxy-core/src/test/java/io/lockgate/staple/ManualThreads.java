package io.lockgate.staple;

import java.util.ArrayDeque;
import java.util.Deque;

/** Runs tasks at once, or when the test says; the test is the clock. */
final class ManualThreads implements StaplingThreads {
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean holding;
  boolean ticking;

  /** From now on tasks wait. */
  void hold() {
    holding = true;
  }

  void runAll() {
    holding = false;
    while (!waiting.isEmpty()) {
      waiting.poll().run();
    }
  }

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
    if (!holding) {
      runAll();
    }
  }

  @Override
  public void everySecond(Runnable task) {
    ticking = true;
  }

  @Override
  public void close() {}
}

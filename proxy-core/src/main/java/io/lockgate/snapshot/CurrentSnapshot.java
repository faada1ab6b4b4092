package io.lockgate.snapshot;

/**
 * The one place where running code finds the generation that serves. Written by the control thread
 * alone; a request reads it once.
 */
public final class CurrentSnapshot {
  private volatile Snapshot current;

  public CurrentSnapshot(Snapshot first) {
    current = first;
  }

  public Snapshot get() {
    return current;
  }

  public void publish(Snapshot next) {
    current = next;
  }
}

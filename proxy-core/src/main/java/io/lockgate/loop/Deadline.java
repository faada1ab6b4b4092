package io.lockgate.loop;

/**
 * A moment by which something must have happened on one event loop. An intrusive node of {@link
 * Deadlines}: arming, moving and disarming it allocates nothing. Touched by its loop only.
 */
public abstract class Deadline {
  static final long DISARMED = Long.MAX_VALUE;

  long atNanos = DISARMED;
  long slotTick;
  Deadline previous;
  Deadline next;

  public final boolean armed() {
    return atNanos != DISARMED;
  }

  /** Called once on the loop after the moment has passed; the deadline is disarmed by then. */
  protected abstract void expired();
}

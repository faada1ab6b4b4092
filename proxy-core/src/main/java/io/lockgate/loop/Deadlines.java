package io.lockgate.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlines of one event loop: a hashed wheel whose ticks are coarse, since the deadlines are
 * seconds. Moving a deadline further away, by far the most frequent operation, is one store: its
 * node stays where it is and is sorted anew when its slot comes round. The wheel turns only while
 * something is in it. Used by its loop only.
 */
public final class Deadlines {
  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int SLOTS = 1024;

  private final ScheduledExecutorService executor;
  private final LongSupplier nanoClock;
  private final Deadline[] slots = new Deadline[SLOTS];
  private final Runnable turn = this::turn;

  /** Those of the visited slot whose moment has passed; empty between visits. */
  private final ArrayList<Deadline> due = new ArrayList<>();

  private int linked;
  private long currentTick;
  private boolean turning;

  public Deadlines(ScheduledExecutorService executor, LongSupplier nanoClock) {
    this.executor = executor;
    this.nanoClock = nanoClock;
    this.currentTick = nanoClock.getAsLong() / TICK_NANOS;
  }

  public long nanoTime() {
    return nanoClock.getAsLong();
  }

  /**
   * Arms {@code deadline}, or moves it; it expires up to a tick later than asked, never earlier.
   */
  public void arm(Deadline deadline, Duration after) {
    arm(deadline, after.toNanos());
  }

  /** As {@link #arm(Deadline, Duration)}, in nanoseconds. */
  public void arm(Deadline deadline, long afterNanos) {
    deadline.atNanos = nanoClock.getAsLong() + afterNanos;
    long tick = deadline.atNanos / TICK_NANOS + 1;
    if (isLinked(deadline)) {
      if (tick >= deadline.slotTick) {
        return;
      }
      unlink(deadline);
    }
    link(deadline, tick);
  }

  /** Takes {@code deadline} out for good; a connection that ends must not be held by the wheel. */
  public void disarm(Deadline deadline) {
    deadline.atNanos = Deadline.DISARMED;
    if (isLinked(deadline)) {
      unlink(deadline);
    }
  }

  /** Disarms without unlinking: cheaper for a deadline that will soon be armed again. */
  public void pause(Deadline deadline) {
    deadline.atNanos = Deadline.DISARMED;
  }

  private static boolean isLinked(Deadline deadline) {
    return deadline.slotTick != 0;
  }

  private void link(Deadline deadline, long tick) {
    if (linked == 0 && !turning) {
      currentTick = nanoClock.getAsLong() / TICK_NANOS;
    }
    deadline.slotTick = Math.max(tick, currentTick + 1);
    int slot = (int) (deadline.slotTick & (SLOTS - 1));
    deadline.next = slots[slot];
    deadline.previous = null;
    if (deadline.next != null) {
      deadline.next.previous = deadline;
    }
    slots[slot] = deadline;
    linked++;
    if (!turning) {
      turning = true;
      executor.schedule(turn, TICK_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void unlink(Deadline deadline) {
    if (deadline.previous != null) {
      deadline.previous.next = deadline.next;
    } else {
      slots[(int) (deadline.slotTick & (SLOTS - 1))] = deadline.next;
    }
    if (deadline.next != null) {
      deadline.next.previous = deadline.previous;
    }
    deadline.previous = null;
    deadline.next = null;
    deadline.slotTick = 0;
    linked--;
  }

  private void turn() {
    long nowTick = nanoClock.getAsLong() / TICK_NANOS;
    // After a long pause one round visits every slot; more rounds would find nothing new.
    long from = Math.max(currentTick + 1, nowTick - SLOTS + 1);
    for (long tick = from; tick <= nowTick; tick++) {
      currentTick = tick;
      visit((int) (tick & (SLOTS - 1)), nowTick);
    }
    currentTick = nowTick;
    turning = linked > 0;
    if (turning) {
      executor.schedule(turn, TICK_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void visit(int slot, long nowTick) {
    // Detached first: an expiry may arm, move or disarm any other deadline, also of this slot.
    Deadline head = slots[slot];
    while (head != null) {
      Deadline following = head.next;
      if (head.slotTick <= nowTick) {
        unlink(head);
        if (head.atNanos != Deadline.DISARMED) {
          long tick = head.atNanos / TICK_NANOS + 1;
          if (tick > nowTick) {
            link(head, tick);
          } else {
            due.add(head);
          }
        }
      }
      head = following;
    }
    for (int i = 0; i < due.size(); i++) {
      Deadline expired = due.get(i);
      // Another expiry of this moment may have disarmed it, or armed it anew.
      if (expired.atNanos != Deadline.DISARMED && !isLinked(expired)) {
        expired.atNanos = Deadline.DISARMED;
        expire(expired);
      }
    }
    due.clear();
  }

  /** A fault in one of them must not stop the wheel for all others. */
  private static void expire(Deadline deadline) {
    try {
      deadline.expired();
    } catch (RuntimeException e) {
      LOG.error("a deadline's expiry failed", e);
    }
  }
}

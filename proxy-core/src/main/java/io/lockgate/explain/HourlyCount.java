package io.lockgate.explain;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of the last 24 hours, a cell an hour. A cell holds the hour it is of beside its count, so
 * that nobody has to clear it. Safe on any thread, without locks.
 */
final class HourlyCount {
  static final int HOURS = 24;

  private final AtomicLongArray cells = new AtomicLongArray(HOURS);

  /**
   * @param hour since the epoch
   */
  void add(long hour) {
    int index = (int) (hour % HOURS);
    long cell;
    long next;
    do {
      cell = cells.get(index);
      next = cell >>> Integer.SIZE == hour ? cell + 1 : (hour << Integer.SIZE) + 1;
    } while (!cells.compareAndSet(index, cell, next));
  }

  /** Of the hour that runs and the 23 before it. */
  long sum(long hour) {
    long sum = 0;
    for (int i = 0; i < HOURS; i++) {
      long cell = cells.get(i);
      long of = cell >>> Integer.SIZE;
      sum += of <= hour && of > hour - HOURS ? cell & 0xffff_ffffL : 0;
    }
    return sum;
  }
}

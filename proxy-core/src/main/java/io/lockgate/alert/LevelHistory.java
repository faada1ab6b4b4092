package io.lockgate.alert;

/**
 * One service level of one host over the last six hours. What it was long ago costs two numbers:
 * the slices are made with the first event and dropped after six hours without one. Not safe for
 * several threads.
 */
final class LevelHistory {
  private static final int FINE_SECONDS = 30;
  private static final int COARSE_SECONDS = 300;
  private static final int FINE_SLICES = 10;
  private static final int COARSE_SLICES = 72;

  private long countedGood;
  private long countedBad;
  private long seenGood;
  private long seenBad;

  /** Both or neither; null while there is nothing to remember. */
  private EventRing fine;

  private EventRing coarse;

  /** Takes note of a part of the counts as they are now; {@link #settle} ends the round. */
  void count(long good, long bad) {
    countedGood += good;
    countedBad += bad;
  }

  /**
   * Adds what is new since the last round.
   *
   * @param mayBegin whether a host that had nothing to tell so far may take memory
   * @return whether nothing is lost: false where there is news, and no memory for it
   */
  boolean settle(long epochSecond, boolean mayBegin) {
    long moreGood = Math.max(0, countedGood - seenGood);
    long moreBad = Math.max(0, countedBad - seenBad);
    seenGood = countedGood;
    seenBad = countedBad;
    countedGood = 0;
    countedBad = 0;
    boolean news = moreGood + moreBad > 0;
    if (news && mayBegin && !any()) {
      fine = new EventRing(FINE_SECONDS, FINE_SLICES + 1);
      coarse = new EventRing(COARSE_SECONDS, COARSE_SLICES + 1);
    }
    if (!any()) {
      return !news;
    }
    fine.add(epochSecond, moreGood, moreBad);
    coarse.add(epochSecond, moreGood, moreBad);
    if (!news && coarse.last(COARSE_SLICES).all() == 0) {
      fine = null;
      coarse = null;
    }
    return true;
  }

  /** Whether something happened within six hours. */
  boolean any() {
    return coarse != null;
  }

  Events over(Window window) {
    if (!any()) {
      return Events.NONE;
    }
    return switch (window) {
      case FIVE_MINUTES -> fine.last(FINE_SLICES);
      case THIRTY_MINUTES -> coarse.last(COARSE_SLICES / 12);
      case HOUR -> coarse.last(COARSE_SLICES / 6);
      case SIX_HOURS -> coarse.last(COARSE_SLICES);
    };
  }
}

package io.lockgate.alert;

import java.util.Arrays;

/**
 * How often something went well and ill in each of the last so many slices of time; eight bytes a
 * slice. A clock that is set back adds to the newest slice. Not safe for several threads.
 */
final class EventRing {
  private final int sliceSeconds;
  private final int[] good;
  private final int[] bad;
  private long newest;

  // Of all slices.
  private long goodInAll;
  private long badInAll;

  EventRing(int sliceSeconds, int slices) {
    this.sliceSeconds = sliceSeconds;
    this.good = new int[slices];
    this.bad = new int[slices];
  }

  void add(long epochSecond, long moreGood, long moreBad) {
    advance(epochSecond);
    int at = (int) (newest % good.length);
    replace(at, sum(good[at], moreGood), sum(bad[at], moreBad));
  }

  private void replace(int at, int nowGood, int nowBad) {
    goodInAll += nowGood - good[at];
    badInAll += nowBad - bad[at];
    good[at] = nowGood;
    bad[at] = nowBad;
  }

  private static int sum(int before, long more) {
    return (int) Math.min(Integer.MAX_VALUE, before + more);
  }

  /** Forgets what is too old by now. */
  void advance(long epochSecond) {
    long slice = epochSecond / sliceSeconds;
    if (slice - newest >= good.length) {
      Arrays.fill(good, 0);
      Arrays.fill(bad, 0);
      goodInAll = 0;
      badInAll = 0;
      newest = slice;
    }
    while (newest < slice) {
      newest++;
      replace((int) (newest % good.length), 0, 0);
    }
  }

  /** The slice that runs and so many before it; all of them are asked for most, and are at hand. */
  Events last(int wholeSlices) {
    if (wholeSlices == good.length - 1) {
      return new Events(goodInAll, badInAll);
    }
    long goodSum = 0;
    long badSum = 0;
    for (int back = 0; back <= wholeSlices; back++) {
      int at = (int) Math.floorMod(newest - back, (long) good.length);
      goodSum += good[at];
      badSum += bad[at];
    }
    return new Events(goodSum, badSum);
  }
}

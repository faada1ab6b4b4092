package io.lockgate.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * A fixed piece of work against which others are held: steps, each of which mixes four numbers that
 * do not wait for each other and reads a table with them. How long a step takes says how fast this
 * thread runs at the moment. It keeps the processor as busy as usual code does, so that a neighbour
 * on the same core slows both alike. Must never change: every recorded figure is in these steps.
 * For one thread.
 */
final class Calibration {
  private static final int STEPS = 10_000;
  private static final int PASSES = 50;
  private static final int TABLE = 1 << 12; // 16 KiB, which fits every first-level cache

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final int[] table = new int[TABLE];
  private int state = 1;

  Calibration() {
    for (int i = 0; i < TABLE; i++) {
      table[i] = i * 0x9E3779B9;
    }
  }

  /** Processor time of a step on this thread, in nanoseconds: the shortest of some passes. */
  double stepNanos() {
    long shortest = Long.MAX_VALUE;
    for (int pass = 0; pass < PASSES; pass++) {
      long begin = threads.getCurrentThreadCpuTime();
      state = walk(state);
      shortest = Math.min(shortest, threads.getCurrentThreadCpuTime() - begin);
    }
    return (double) shortest / STEPS;
  }

  private int walk(int from) {
    int a = from;
    int b = from + 1;
    int c = from + 2;
    int d = from + 3;
    int sum = 0;
    for (int i = 0; i < STEPS; i++) {
      a = a * 5 + i;
      b ^= b << 3;
      c += c >>> 7;
      d = (d ^ i) - 9;
      sum += table[a & (TABLE - 1)] ^ table[b & (TABLE - 1)];
      if ((table[c & (TABLE - 1)] & d) == i) {
        sum++;
      }
    }
    return sum ^ a ^ b ^ c ^ d;
  }
}

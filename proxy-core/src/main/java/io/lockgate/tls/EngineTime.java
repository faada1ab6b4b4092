package io.lockgate.tls;

import java.util.SplittableRandom;

/**
 * Estimates what processor time one event loop spends within TLS engines. The engine of a
 * connection lies between two borders, {@link TlsInput} and {@link ServerTlsHandler}; whoever
 * crosses one says so. Time counts from a crossing into the engine to the next one out of it, so
 * that neither the socket's system calls nor what is done with a request are taken for TLS.
 *
 * <p>Reading the clock is a system call, up to some microseconds in a virtual machine, and a turn
 * of a handshake crosses some ten borders. So turns are sampled: on average one of {@link
 * Phase#interval()}, at random, lest a rhythm of reads and writes hides half of them. What a
 * sampled turn took counts that many times. On one event loop only.
 */
public final class EngineTime {
  /** Measures nothing; for any number of threads, since it never changes. */
  public static final EngineTime NONE =
      new EngineTime(ThreadTime.NONE, TlsListener.NONE, new SplittableRandom(0));

  private final ThreadTime clock;
  private final TlsListener listener;
  private final SplittableRandom random;
  private final int[] turnsLeft = new int[Phase.values().length];

  /** Borders crossed and not yet crossed back. */
  private int depth;

  private boolean measuring;
  private int weight;
  private Phase now = Phase.OUTSIDE;
  private long sinceNanos;

  /** What is being done on this loop. */
  public enum Phase {
    OUTSIDE(1, "outside"),
    HANDSHAKE(128, "handshake"),
    RECORDS(1_024, "records");

    private final int interval;
    private final String label;

    Phase(int interval, String label) {
      this.interval = interval;
      this.label = label;
    }

    /** One of how many turns is measured. */
    int interval() {
      return interval;
    }

    /** Value of the metric label {@code phase}. */
    public String label() {
      return label;
    }
  }

  /**
   * @param listener hears of every measured stretch, already counted as often as its turn stands
   *     for
   */
  public EngineTime(ThreadTime clock, TlsListener listener, SplittableRandom random) {
    this.clock = clock;
    this.listener = listener;
    this.random = random;
    for (Phase phase : Phase.values()) {
      turnsLeft[phase.ordinal()] = gap(phase);
    }
  }

  /**
   * Crosses into the engine; every call is followed by one of {@link #back}.
   *
   * @return for {@link #back}
   */
  Phase enter(Phase phase) {
    if (!clock.readable()) {
      return Phase.OUTSIDE;
    }
    if (depth++ == 0) {
      measuring = due(phase);
      weight = phase.interval();
    }
    return measuring ? cross(phase) : Phase.OUTSIDE;
  }

  /** Crosses from the engine towards the application or the socket. */
  Phase leave() {
    if (!clock.readable()) {
      return Phase.OUTSIDE;
    }
    depth++;
    return measuring ? cross(Phase.OUTSIDE) : Phase.OUTSIDE;
  }

  /** Crosses back to where the turn was before. */
  void back(Phase before) {
    if (depth == 0) {
      return; // the clock became readable in between
    }
    if (measuring) {
      cross(before);
    }
    if (--depth == 0) {
      measuring = false;
    }
  }

  private boolean due(Phase phase) {
    if (--turnsLeft[phase.ordinal()] > 0) {
      return false;
    }
    turnsLeft[phase.ordinal()] = gap(phase);
    return true;
  }

  private int gap(Phase phase) {
    return 1 + random.nextInt(2 * phase.interval() - 1);
  }

  private Phase cross(Phase next) {
    Phase before = now;
    long nanos = clock.nanos();
    if (before != Phase.OUTSIDE) {
      long spent = Math.max(0, nanos - sinceNanos - clock.nanosOfReading());
      listener.engineRan(before, spent * weight);
    }
    now = next;
    sinceNanos = nanos;
    return before;
  }
}

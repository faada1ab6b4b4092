package io.lockgate.upstream;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * What is known of a server's health, shared by all event loops. Read for every request and written
 * seldom, from any thread and without locks; whoever listens is told of every change of the state,
 * on the thread that made it.
 */
final class ServerStanding {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int LEAST_SHARE = 5;

  private final Listener listener;
  private final LongSupplier millis;
  private final AtomicReference<Causes> causes;
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final AtomicInteger ejections = new AtomicInteger();
  private final AtomicLong triedUntilNanos;

  /** Of the last ejection, on the one thread that ejects. */
  private long ejectedNanos;

  private long returnedNanos;
  private int doublings;

  private volatile Change last;
  private volatile long risingSinceNanos;
  private volatile boolean rising;

  /**
   * @param millis since the epoch
   */
  ServerStanding(Listener listener, LongSupplier millis) {
    this(listener, millis, Causes.NONE, new Change(millis.getAsLong(), ""));
  }

  private ServerStanding(Listener listener, LongSupplier millis, Causes causes, Change last) {
    this.listener = listener;
    this.millis = millis;
    this.causes = new AtomicReference<>(causes);
    this.last = last;
    this.triedUntilNanos = new AtomicLong(causes.tryAtNanos());
  }

  /** What an operator wants with the server. */
  enum Wish {
    READY,
    DRAIN,
    MAINTENANCE
  }

  /** Hears of changes. */
  interface Listener {
    Listener NONE = (before, after, why) -> {};

    void changed(ServerState before, ServerState after, String why);
  }

  /** When the state changed last, and the last thing that went wrong. */
  record Change(long sinceMillis, String error) {}

  /**
   * Everything that may speak against the server.
   *
   * @param pauseNanos how long it is left alone after the last failed connect
   * @param tryAtNanos when one request may try again
   */
  private record Causes(
      Wish wish,
      boolean unhealthy,
      boolean ejected,
      boolean unreachable,
      long pauseNanos,
      long tryAtNanos) {
    static final Causes NONE = new Causes(Wish.READY, false, false, false, 0, 0);

    ServerState state() {
      return switch (wish) {
        case MAINTENANCE -> ServerState.MAINTENANCE;
        case DRAIN -> ServerState.DRAINING;
        case READY -> health();
      };
    }

    ServerState health() {
      if (unhealthy) {
        return ServerState.UNHEALTHY;
      }
      if (ejected) {
        return ServerState.EJECTED;
      }
      return unreachable ? ServerState.UNREACHABLE : ServerState.READY;
    }

    Causes wish(Wish to) {
      return new Causes(to, unhealthy, ejected, unreachable, pauseNanos, tryAtNanos);
    }

    Causes unhealthy(boolean is) {
      return new Causes(wish, is, ejected, unreachable, pauseNanos, tryAtNanos);
    }

    Causes ejected(boolean is) {
      return new Causes(wish, unhealthy, is, unreachable, pauseNanos, tryAtNanos);
    }

    Causes reachable() {
      return new Causes(wish, unhealthy, ejected, false, 0, 0);
    }

    Causes unreachable(long pause, long tryAt) {
      return new Causes(wish, unhealthy, ejected, true, pause, tryAt);
    }
  }

  /**
   * The same for a pool that replaces this one's, as far as it still applies.
   *
   * @param checked whether the new pool checks its servers' health
   * @param ejects whether it ejects servers
   */
  ServerStanding takenOver(Listener by, boolean checked, boolean ejects) {
    Causes now = causes.get().wish(Wish.READY).ejected(false);
    ServerStanding copy =
        new ServerStanding(by, millis, checked ? now : now.unhealthy(false), last);
    copy.ejections.set(ejects ? ejections.get() : 0);
    copy.risingSinceNanos = risingSinceNanos;
    copy.rising = rising;
    return copy;
  }

  ServerState state() {
    return causes.get().state();
  }

  /** As if no operator had a wish. */
  ServerState health() {
    return causes.get().health();
  }

  /** Milliseconds since the epoch. */
  long since() {
    return last.sinceMillis();
  }

  /** The last thing that went wrong, or empty. */
  String error() {
    return last.error();
  }

  int ejections() {
    return ejections.get();
  }

  // ---- what happens to the server

  void wish(Wish wish, long now) {
    change(before -> before.wish(wish), "an operator wants it so", false, now);
  }

  void checksFail(String why, long now) {
    change(before -> before.unhealthy(true), why, true, now);
  }

  void checksSucceed(long now) {
    change(before -> before.unhealthy(false), "its checks succeed", false, now);
  }

  /** For so long; {@link #readmit} is called then. */
  void eject(String why, long now, long nanos) {
    ejections.incrementAndGet();
    ejectedNanos = nanos;
    returnedNanos = now + nanos;
    change(before -> before.ejected(true), why, true, now);
  }

  boolean ejected() {
    return causes.get().ejected();
  }

  /** How often the time of an ejection is doubled: once more if the last one was not long ago. */
  int doublings(long now, int most) {
    boolean soon = ejections.get() > 0 && now - returnedNanos < ejectedNanos;
    doublings = soon ? Math.min(doublings + 1, most) : 0;
    return doublings;
  }

  void readmit(long now) {
    failuresInRow.set(0);
    change(before -> before.ejected(false), "its time is over", false, now);
  }

  /** Connects that were under way together are one failure, not several in a row. */
  void connectFailed(String why, long now) {
    change(
        before -> {
          if (before.unreachable() && now - before.tryAtNanos() < 0) {
            return before;
          }
          long pause =
              before.unreachable()
                  ? Math.min(
                      Math.max(before.pauseNanos() * 2, FIRST_PAUSE_NANOS), LONGEST_PAUSE_NANOS)
                  : FIRST_PAUSE_NANOS;
          return before.unreachable(pause, now + pause);
        },
        why,
        true,
        now);
  }

  /** It accepted a connection, or answered on one. */
  void reached(long now) {
    if (causes.get().unreachable()) {
      change(Causes::reachable, "it accepts connections", false, now);
    }
  }

  /** When an unreachable server may be tried next. */
  long tryAtNanos() {
    long at = causes.get().tryAtNanos();
    long taken = triedUntilNanos.get();
    return taken - at > 0 ? taken : at;
  }

  /**
   * Takes the one try that an unreachable server gets; others stay away until {@code now + nanos}.
   */
  boolean takeTry(long now, long nanos) {
    long taken = triedUntilNanos.get();
    return now - tryAtNanos() >= 0 && triedUntilNanos.compareAndSet(taken, now + nanos);
  }

  int countFailure() {
    return failuresInRow.incrementAndGet();
  }

  void countSuccess() {
    if (failuresInRow.get() != 0) {
      failuresInRow.set(0);
    }
  }

  // ---- slow start

  /** Its share grows from now on. */
  void rise(long now) {
    risingSinceNanos = now;
    rising = true;
  }

  /**
   * Percent of its weight that the server gets.
   *
   * @param overNanos how long it takes to get all
   */
  int share(long now, long overNanos) {
    if (!rising) {
      return 100;
    }
    long elapsed = now - risingSinceNanos;
    if (elapsed >= overNanos) {
      rising = false;
      return 100;
    }
    return (int) Math.max(LEAST_SHARE, elapsed * 100 / overNanos);
  }

  private void change(UnaryOperator<Causes> how, String why, boolean wrong, long now) {
    Causes before;
    Causes after;
    do {
      before = causes.get();
      after = how.apply(before);
      if (after.equals(before)) {
        return;
      }
    } while (!causes.compareAndSet(before, after));
    if (before.state() == after.state()) {
      if (wrong) {
        last = new Change(since(), why);
      }
      return;
    }
    last = new Change(millis.getAsLong(), wrong ? why : error());
    if (after.state() == ServerState.READY) {
      rise(now);
    }
    listener.changed(before.state(), after.state(), why);
  }
}

package io.lockgate.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for conditions, never for time: a test ends as soon as what it waits for is true, and fails
 * with the last thing seen once the deadline has passed.
 */
public final class Patience {
  /** Generous, because the machine may be busy; no passing test ever waits this long. */
  public static final Duration USUAL = Duration.ofSeconds(20);

  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private Patience() {}

  /** Returns the first value that satisfies {@code condition}. */
  public static <T> T until(String what, Callable<T> source, Predicate<T> condition) {
    return until(what, USUAL, source, condition);
  }

  /** As above, with a deadline of the test's own; exceptions of the source count as "not yet". */
  public static <T> T until(
      String what, Duration atMost, Callable<T> source, Predicate<T> condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    Supplier<String> seen;
    do {
      try {
        T value = source.call();
        if (condition.test(value)) {
          return value;
        }
        seen = () -> String.valueOf(value);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting until " + what, e);
      } catch (Exception e) {
        seen = e::toString;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (System.nanoTime() < deadline);
    throw new AssertionError(
        "not within " + atMost.toSeconds() + " s: " + what + "; last seen: " + seen.get());
  }

  /** Waits until {@code condition} holds. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, USUAL, condition, Boolean::booleanValue);
  }
}

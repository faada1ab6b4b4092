package io.lockgate.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts handshakes of the whole process against a rate and against a number at a time. Clients
 * that come back with a session are let in before those that need everything anew: they cost less
 * and were served before. Safe on any thread, without locks.
 *
 * <p>What a client brings is known to be worth something only at the end of the handshake. So
 * offers that came to nothing are remembered, and while they are more than the share set aside for
 * resumption, offers are worth nothing here either: made up, they gain a client no more than that.
 */
public final class HandshakeCount {
  private static final long SECOND = 1_000_000_000L;

  /** What full handshakes leave to resumed ones: a fifth. */
  private static final int RESERVED_PART = 5;

  /** How long empty offers can be held against those that follow. */
  private static final long LONGEST_GRUDGE = 5 * SECOND;

  private final LongSupplier nanoTime;
  private final AtomicInteger inProgress = new AtomicInteger();

  /** When the handshakes let in so far would be over, had they come evenly at the rate. */
  private final AtomicLong paidUntil;

  /** The same for offers that came to nothing, at the rate of the reserved part. */
  private final AtomicLong distrustedUntil;

  public HandshakeCount(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.paidUntil = new AtomicLong(nanoTime.getAsLong());
    this.distrustedUntil = new AtomicLong(nanoTime.getAsLong());
  }

  /** Whether a handshake may begin. */
  public enum Verdict {
    ADMITTED,
    TOO_MANY_A_SECOND,
    TOO_MANY_AT_ONCE
  }

  /**
   * Counts a handshake if it is within the bounds; {@link #ended} must follow then.
   *
   * @param offersSession whether the client brings something to resume
   * @param mostPerSecond 0 means no bound; as many may come at once after a quiet second
   * @param mostAtOnce 0 means no bound
   */
  public Verdict admit(boolean offersSession, int mostPerSecond, int mostAtOnce) {
    int others = inProgress.getAndIncrement();
    Verdict verdict =
        mostAtOnce > 0 && others >= limit(offersSession, mostAtOnce)
            ? Verdict.TOO_MANY_AT_ONCE
            : mostPerSecond > 0 && !pay(offersSession, mostPerSecond)
                ? Verdict.TOO_MANY_A_SECOND
                : Verdict.ADMITTED;
    if (verdict != Verdict.ADMITTED) {
      inProgress.decrementAndGet();
    }
    return verdict;
  }

  /**
   * An admitted handshake is over, in whatever way.
   *
   * @param offeredSession as it was admitted
   * @param resumed whether the offer was worth something
   */
  public void ended(boolean offeredSession, boolean resumed, int mostPerSecond, int mostAtOnce) {
    inProgress.decrementAndGet();
    // Without a rate a full house a second will do.
    int most = mostPerSecond > 0 ? mostPerSecond : mostAtOnce;
    if (offeredSession && !resumed && most > 0) {
      long now = nanoTime.getAsLong();
      long price = RESERVED_PART * SECOND / most;
      distrustedUntil.updateAndGet(
          until -> now + Math.min(Math.max(until - now, 0) + price, LONGEST_GRUDGE));
    }
  }

  /** Handshakes that have begun and not ended. */
  public int inProgress() {
    return inProgress.get();
  }

  private int limit(boolean offersSession, int mostAtOnce) {
    return offersSession && trusted()
        ? mostAtOnce
        : Math.max(1, mostAtOnce - mostAtOnce / RESERVED_PART);
  }

  private boolean pay(boolean offersSession, int mostPerSecond) {
    long now = nanoTime.getAsLong();
    long price = SECOND / mostPerSecond;
    long most =
        offersSession && trusted() ? SECOND : Math.max(price, SECOND - SECOND / RESERVED_PART);
    while (true) {
      long until = paidUntil.get();
      long ahead = Math.max(until - now, 0) + price;
      if (ahead > most) {
        return false;
      }
      if (paidUntil.compareAndSet(until, now + ahead)) {
        return true;
      }
    }
  }

  /** Up to a second's worth of the reserved part is forgiven at once. */
  private boolean trusted() {
    return distrustedUntil.get() - nanoTime.getAsLong() <= SECOND;
  }
}

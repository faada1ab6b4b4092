package io.lockgate.explain;

import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.HandshakeFailure;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The failures of one host on one event loop, few and varied: a client takes one place for each
 * reason, however often it comes, and where there is no place left the most frequent reason gives
 * up its oldest. So a scanner pushes out scanners. Written by the loop, read by anyone.
 */
final class HostFailures {
  private final AtomicReferenceArray<RecordedFailure> places;
  private final int[] byReason = new int[HandshakeFailure.values().length];
  private Instant lastAt = Instant.EPOCH;

  HostFailures(int places) {
    this.places = new AtomicReferenceArray<>(places);
  }

  /** When the host failed last; on the loop. */
  Instant lastAt() {
    return lastAt;
  }

  /** On the loop. */
  void add(FailedHandshake failed, Instant now) {
    lastAt = now;
    for (int i = 0; i < places.length(); i++) {
      RecordedFailure present = places.getPlain(i);
      if (present == null) {
        byReason[failed.failure().ordinal()]++;
        places.setRelease(i, new RecordedFailure(now, now, 1, failed));
        return;
      }
      if (present.isLike(failed)) {
        places.setRelease(i, present.again(now, failed));
        return;
      }
    }
    int given = leastMissed();
    byReason[places.getPlain(given).latest().failure().ordinal()]--;
    byReason[failed.failure().ordinal()]++;
    places.setRelease(given, new RecordedFailure(now, now, 1, failed));
  }

  void forEach(Consumer<RecordedFailure> action) {
    for (int i = 0; i < places.length(); i++) {
      RecordedFailure present = places.getAcquire(i);
      if (present != null) {
        action.accept(present);
      }
    }
  }

  private int leastMissed() {
    int found = 0;
    for (int i = 1; i < places.length(); i++) {
      RecordedFailure best = places.getPlain(found);
      RecordedFailure other = places.getPlain(i);
      int more = frequency(other) - frequency(best);
      if (more > 0 || (more == 0 && other.last().isBefore(best.last()))) {
        found = i;
      }
    }
    return found;
  }

  private int frequency(RecordedFailure failure) {
    return byReason[failure.latest().failure().ordinal()];
  }
}

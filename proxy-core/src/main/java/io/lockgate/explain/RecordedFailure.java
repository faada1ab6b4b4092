package io.lockgate.explain;

import io.lockgate.tls.FailedHandshake;
import java.time.Instant;

/**
 * Failed handshakes of one host, reason and client, seen as one.
 *
 * @param count how many there were from {@code first} to {@code last}
 * @param latest the last one
 */
public record RecordedFailure(Instant first, Instant last, long count, FailedHandshake latest) {

  RecordedFailure again(Instant now, FailedHandshake failed) {
    return new RecordedFailure(first, now, count + 1, failed);
  }

  /** What two event loops have seen of the same. */
  RecordedFailure and(RecordedFailure other) {
    return new RecordedFailure(
        first.isBefore(other.first) ? first : other.first,
        last.isBefore(other.last) ? other.last : last,
        count + other.count,
        last.isBefore(other.last) ? other.latest : latest);
  }

  boolean isLike(FailedHandshake failed) {
    return latest.failure() == failed.failure()
        && latest.clientAddress().equals(failed.clientAddress())
        && latest.host().equals(failed.host())
        && latest.listener().equals(failed.listener());
  }
}

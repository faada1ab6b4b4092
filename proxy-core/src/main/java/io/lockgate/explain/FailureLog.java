package io.lockgate.explain;

import io.lockgate.tls.FailedHandshake;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the daemon's log of failed handshakes of one event loop: of a host and reason at most once
 * in {@link #QUIET}, and of all of them together a few a second, since whoever connects must not be
 * able to fill it. On that loop.
 */
public final class FailureLog {
  static final Duration QUIET = Duration.ofSeconds(30);
  static final int MOST_A_SECOND = 5;
  private static final int MOST_KEYS = 1_024;
  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

  private final Map<String, Told> told = new HashMap<>();
  private long second;
  private int linesOfSecond;

  void failed(FailedHandshake failed, Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      linesOfSecond = 0;
    }
    if (told.size() >= MOST_KEYS) {
      told.clear();
    }
    Told last =
        told.computeIfAbsent(failed.host() + ' ' + failed.failure().label(), key -> new Told());
    if (now.isBefore(last.at.plus(QUIET)) || linesOfSecond >= MOST_A_SECOND) {
      last.untold++;
      return;
    }
    linesOfSecond++;
    LOG.info(
        "{}: a handshake of {} with {} failed: {}: {}{}",
        failed.listener(),
        failed.clientAddress(),
        failed.host(),
        failed.failure().label(),
        failed.detail(),
        last.untold == 0 ? "" : " (as " + last.untold + " others since this was last told)");
    last.at = now;
    last.untold = 0;
  }

  private static final class Told {
    Instant at = Instant.EPOCH;
    long untold;
  }
}

package io.lockgate.staple;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a fault that ten thousand certificates share from filling the log: so many lines a minute,
 * and then the number of those left out. Safe for use by many threads.
 */
final class LogAllowance {
  private static final Logger LOG = LoggerFactory.getLogger(LogAllowance.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final Clock clock;
  private final int linesPerMinute;
  private Instant periodEnd = Instant.MIN;
  private int lines;

  LogAllowance(Clock clock, int linesPerMinute) {
    this.clock = clock;
    this.linesPerMinute = linesPerMinute;
  }

  /** Whether one more line may be written. */
  synchronized boolean permits() {
    Instant now = clock.instant();
    if (!now.isBefore(periodEnd)) {
      if (lines > linesPerMinute) {
        LOG.warn("{} more lines on OCSP responses were left out", lines - linesPerMinute);
      }
      periodEnd = now.plus(PERIOD);
      lines = 0;
    }
    lines++;
    return lines <= linesPerMinute;
  }
}

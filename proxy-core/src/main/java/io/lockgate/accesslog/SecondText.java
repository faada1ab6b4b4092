package io.lockgate.accesslog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The text of the current second, in UTC, formatted once a second. Used by one thread. */
final class SecondText {
  private static final long MILLIS = 1_000;

  private final DateTimeFormatter formatter;
  private final String before;

  /** In milliseconds since the epoch. */
  private long begin = Long.MAX_VALUE;

  private byte[] text = {};

  SecondText(String pattern) {
    this("", pattern);
  }

  /**
   * @param before stands before the time
   */
  SecondText(String before, String pattern) {
    this.before = before;
    formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  byte[] of(long epochMillis) {
    if (epochMillis < begin || epochMillis - begin >= MILLIS) {
      long second = Math.floorDiv(epochMillis, MILLIS);
      text = Line.ascii(before + formatter.format(Instant.ofEpochSecond(second)));
      begin = second * MILLIS;
    }
    return text;
  }

  /** Of a time that was asked for last. */
  int millisOf(long epochMillis) {
    return (int) (epochMillis - begin);
  }
}

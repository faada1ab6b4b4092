package io.lockgate.accesslog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The text of the current second, in UTC, formatted once a second. Used by one thread. */
final class SecondText {
  private final DateTimeFormatter formatter;
  private final String before;
  private long second = Long.MIN_VALUE;
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
    long asked = Math.floorDiv(epochMillis, 1_000L);
    if (asked != second) {
      text = Line.ascii(before + formatter.format(Instant.ofEpochSecond(asked)));
      second = asked;
    }
    return text;
  }
}

package io.lockgate.client;

import io.lockgate.http.AsciiBytes;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * The value of {@code Date} (RFC 9110 section 5.6.7), made once a second. On one event loop only.
 */
final class HttpDate {
  private static final String DAYS = "MonTueWedThuFriSatSun";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  private long second = Long.MIN_VALUE;
  private AsciiBytes text;

  AsciiBytes now() {
    long now = System.currentTimeMillis() / 1000;
    if (now != second) {
      second = now;
      text = AsciiBytes.of(at(now));
    }
    return text;
  }

  /** Not by a formatter, which loads the names of days in all languages for the first answer. */
  static String at(long epochSecond) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder("Mon, 30 Nov 2026 17:09:50 GMT".length());
    name(text, DAYS, time.getDayOfWeek().getValue()).append(", ");
    twoDigits(text, time.getDayOfMonth()).append(' ');
    name(text, MONTHS, time.getMonthValue()).append(' ').append(time.getYear()).append(' ');
    twoDigits(text, time.getHour()).append(':');
    twoDigits(text, time.getMinute()).append(':');
    return twoDigits(text, time.getSecond()).append(" GMT").toString();
  }

  /** Of names with three letters each, the one of that number, from 1. */
  private static StringBuilder name(StringBuilder text, String names, int number) {
    return text.append(names, (number - 1) * 3, number * 3);
  }

  private static StringBuilder twoDigits(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}

package io.lockgate.client;

import io.lockgate.http.AsciiBytes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The value of {@code Date} (RFC 9110 section 5.6.7), made once a second. On one event loop only.
 */
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private AsciiBytes text;

  AsciiBytes now() {
    long now = System.currentTimeMillis() / 1000;
    if (now != second) {
      second = now;
      text = AsciiBytes.of(FORMAT.format(Instant.ofEpochSecond(now)));
    }
    return text;
  }
}

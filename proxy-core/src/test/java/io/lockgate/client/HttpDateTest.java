package io.lockgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class HttpDateTest {
  @Test
  void isAnImfFixdate() {
    assertThat(HttpDate.at(784_111_777)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void agreesWithTheFormatterAllYearRound() {
    DateTimeFormatter formatter =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    long end = Instant.parse("2029-01-02T00:00:00Z").getEpochSecond();
    long step = Duration.ofHours(7).plusMinutes(23).plusSeconds(11).toSeconds();
    for (long at = Instant.parse("2027-12-30T00:00:00Z").getEpochSecond(); at < end; at += step) {
      assertThat(HttpDate.at(at)).isEqualTo(formatter.format(Instant.ofEpochSecond(at)));
    }
  }
}

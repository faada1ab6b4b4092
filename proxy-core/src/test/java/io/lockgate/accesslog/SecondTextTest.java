package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecondTextTest {
  private final SecondText second = new SecondText("at ", "HH:mm:ss");

  private String of(long epochMillis) {
    String text = new String(second.of(epochMillis), StandardCharsets.US_ASCII);
    return text + " " + second.millisOf(epochMillis);
  }

  @Test
  void aSecondEndsWhereTheNextBegins() {
    assertThat(of(1_000)).isEqualTo("at 00:00:01 0");
    assertThat(of(1_999)).isEqualTo("at 00:00:01 999");
    assertThat(of(2_000)).isEqualTo("at 00:00:02 0");
  }

  /** What two event loops have recorded is written one behind the other. */
  @Test
  void timesMayGoBack() {
    of(2_000);
    assertThat(of(1_999)).isEqualTo("at 00:00:01 999");
  }

  @Test
  void timesBefore1970HavePositiveMilliseconds() {
    assertThat(of(-1)).isEqualTo("at 23:59:59 999");
  }
}

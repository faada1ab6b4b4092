package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HexDigitsTest {
  private static String digits(long number) {
    byte[] text = new byte[18];
    HexDigits.put(text, 1, number);
    assertThat(text[0] | text[17]).as("what stands beside").isZero();
    return new String(text, 1, 16, StandardCharsets.US_ASCII);
  }

  @Test
  void areThoseOfTheNumber() {
    LongStream.concat(
            LongStream.of(0, 1, -1, 0x0123_4567_89ab_cdefL, Long.MIN_VALUE, Long.MAX_VALUE),
            new SplittableRandom(1).longs(1_000))
        .forEach(
            number -> assertThat(digits(number)).isEqualTo(HexFormat.of().toHexDigits(number)));
  }
}

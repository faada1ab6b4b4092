package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {
  private static final String PLAIN = "abcdefgh ijklmnop[]~!#/?=&%+";

  private static String octets(String text, int most) {
    Line line = new Line(1_000);
    line.put('<').octets(text, most).put('>');
    return line.toString();
  }

  private static String json(String text, int most) {
    Line line = new Line(1_000);
    line.put('<').json(text, most).put('>');
    return line.toString();
  }

  @Test
  void escapesEveryOctetWhereverItStandsAsJsonDoes() {
    for (char octet = 0; octet <= 0xff; octet++) {
      for (int at = 0; at <= PLAIN.length(); at++) {
        String text = PLAIN.substring(0, at) + octet + PLAIN.substring(at);
        assertThat(octets(text, 100)).isEqualTo(json(text, 100));
      }
    }
  }

  @Test
  void escapesWhatStandsBesideWhatNeedsEscaping() {
    String text = "\u0080\u00ff\"\\\u007f\u0000!\"#\u00a2\u00dc".repeat(3);
    assertThat(octets(text, 100)).isEqualTo(json(text, 100)).doesNotContain("\u0000");
  }

  @Test
  void cutsOctetsWhereJsonDoes() {
    assertThat(octets(PLAIN, 10)).isEqualTo(json(PLAIN, 10)).isEqualTo("<abcdefgh i...>");
    assertThat(octets(PLAIN.repeat(2), 40)).isEqualTo(json(PLAIN.repeat(2), 40));
  }

  @Test
  void remembersThatItDidNotFit() {
    Line line = new Line(10);
    line.octets("0123456789", 100);
    assertThat(line.overflowed()).isFalse();
    line.octets("x", 100);
    assertThat(line.overflowed()).isTrue();
    line.begin();
    assertThat(line.overflowed()).isFalse();
    assertThat(line.length()).isZero();
  }

  @Test
  void escapesWhatNoSingleOctetStandsForInACombinedLine() {
    assertThat(new Line(100).combined("a\u20ac", 10)).hasToString("a\\u20ac");
  }

  @Test
  void writesNumbersOfAnyLength() {
    Line line = new Line(100);
    line.put(0).put(' ').put(9).put(' ').put(10).put(' ').put(-7).put(' ').put(Long.MAX_VALUE);
    assertThat(line).hasToString("0 9 10 -7 9223372036854775807");
  }
}

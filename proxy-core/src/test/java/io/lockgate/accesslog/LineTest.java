package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

  @Test
  void writesMillisecondsWithThreeDecimals() {
    Line line = new Line(100);
    line.millis(0).put(' ').millis(999).put(' ').millis(1_000).put(' ').millis(12_345_678_999L);
    assertThat(line.put(' ').millis(-5)).hasToString("0.000 0.000 0.001 12345.678 0.000");
  }

  @Test
  void findsWhatNeedsEscapingWhereverItStandsInATextOfAnyLength() {
    for (int length = 1; length <= 40; length++) {
      byte[] octets = "x".repeat(length + 2).getBytes(StandardCharsets.ISO_8859_1);
      octets[0] = '"'; // Neither of them belongs to it.
      octets[length + 1] = '"';
      assertThat(Line.isPlain(octets, 1, length + 1)).isTrue();
      for (int at = 1; at <= length; at++) {
        for (int octet : new int[] {'"', '\\', 0, 0x1f, 0x7f, 0x80, 0xff}) {
          byte[] other = octets.clone();
          other[at] = (byte) octet;
          assertThat(Line.isPlain(other, 1, length + 1)).isFalse();
        }
      }
    }
  }

  @Test
  void aLineBehindAnotherOneIsALineOfItsOwn() {
    Line line = new Line(100);
    line.put('a').put('b');
    line.next();
    line.put('c');

    assertThat(line).hasToString("c");
    assertThat(line.length()).isOne();
    assertThat(line.copy(0)).isEqualTo(new byte[] {'c'});
    assertThat(line.lengthOfAll()).isEqualTo(3);
  }

  @Test
  void aLineThatIsBegunAnewLeavesThoseBeforeItAsTheyAre() {
    Line line = new Line(4);
    line.put('a').put('\n');
    line.next();
    line.octets("too long", 100);
    assertThat(line.overflowed()).isTrue();

    line.again();

    assertThat(line.overflowed()).isFalse();
    ByteBuffer all = ByteBuffer.allocate(4);
    line.copyAllTo(all);
    assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {'a', '\n'}));
  }

  @Test
  void noLineIsLongerThanTheLongestWhateverRoomThereIs() {
    Line line = new Line(3 * Line.LONGEST);
    line.put('a');
    line.next();
    line.put(new byte[Line.LONGEST]);
    assertThat(line.overflowed()).isFalse();

    line.again();
    line.put(new byte[Line.LONGEST + 1]);

    assertThat(line.overflowed()).isTrue();
  }
}

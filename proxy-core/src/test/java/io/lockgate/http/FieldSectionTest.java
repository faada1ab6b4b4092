package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSectionTest {
  private final FieldSection fields = new FieldSection();

  @Test
  void findsKnownAndUnknownFieldsInOrder() {
    Heads.fill(fields, "a: 1|Host: x|A: 2|host: y");
    assertThat(fields.find(FieldName.HOST)).isEqualTo(1);
    assertThat(fields.findNext(FieldName.HOST, 1)).isEqualTo(3);
    assertThat(fields.findNext(FieldName.HOST, 3)).isEqualTo(-1);
    assertThat(fields.find("a")).isEqualTo(0);
    assertThat(fields.findNext("a", 0)).isEqualTo(2);
    assertThat(fields.find("b")).isEqualTo(-1);
    assertThat(fields.find(FieldName.COOKIE)).isEqualTo(-1);
    assertThat(fields.valueOf(FieldName.HOST)).isEqualTo("x");
    assertThat(fields.valueOf(FieldName.COOKIE)).isEmpty();
  }

  @Test
  void removedFieldsAreNeitherFoundNorCountedButKeepTheirIndex() {
    Heads.fill(fields, "a: 1|Host: x|a: 2|b: 3");
    fields.removeAll("A");
    fields.remove(1);
    assertThat(fields.count()).isEqualTo(4);
    assertThat(fields.liveCount()).isEqualTo(1);
    assertThat(fields.find("a")).isEqualTo(-1);
    assertThat(fields.contains(FieldName.HOST)).isFalse();
    assertThat(fields.id(1)).isEqualTo(FieldName.HOST);
    assertThat(Heads.live(fields)).containsExactly("b: 3");
  }

  @Test
  void replacesAllFieldsOfAName() {
    Heads.fill(fields, "date: 1|a: b|Date: 2");
    fields.replace(FieldName.DATE, "3");
    assertThat(Heads.live(fields)).containsExactly("a: b", "Date: 3");
  }

  @Test
  void growsBeyondItsFirstSizeAndShrinksWhenCleared() {
    String value = "v".repeat(1000);
    for (int i = 0; i < 300; i++) {
      fields.append("name-" + i, value);
    }
    assertThat(fields.value(fields.find("name-299"))).isEqualTo(value);
    assertThat(fields.bytes().length).isGreaterThan(300_000);
    fields.clear();
    assertThat(fields.bytes().length).isLessThanOrEqualTo(8192);
    assertThat(fields.count()).isZero();
    assertThat(fields.find("name-1")).isEqualTo(-1);
  }

  @Test
  void appendsValuesThatStandInItsOwnArray() {
    fields.append(FieldName.HOST, "x".repeat(900));
    fields.append(
        FieldName.X_FORWARDED_HOST, fields.bytes(), fields.valueStart(0), fields.valueEnd(0));
    assertThat(fields.value(1)).isEqualTo("x".repeat(900));
  }

  @Test
  void takesOctetsWrittenIntoItsRoom() {
    byte[] octets = "via1.1 x".getBytes(StandardCharsets.US_ASCII);
    int at = fields.reserve(octets.length);
    System.arraycopy(octets, 0, fields.bytes(), at, octets.length);
    fields.mark(at, at + 3, at + 3, at + 8);
    fields.append(FieldName.DATE, "d");
    assertThat(fields.id(0)).isEqualTo(FieldName.VIA);
    assertThat(Heads.live(fields)).containsExactly("via: 1.1 x", "Date: d");
  }

  @Test
  void copiesTheLiveFieldsOfAnother() {
    Heads.fill(fields, "a: 1|b: 2|c: 3");
    fields.remove(1);
    FieldSection copy = new FieldSection();
    copy.append("old", "x");
    copy.copyFrom(fields);
    assertThat(Heads.live(copy)).containsExactly("a: 1", "c: 3");
  }

  @Test
  void writesLinesWhateverFormTheyStandIn() {
    RequestHead head = Heads.request("GET / HTTP/1.1|a:1|Host: h|b: \t2 |c: 3|d: 4||");
    ByteBuf out = Unpooled.buffer();
    head.fields().append(new AsciiString("e"), new AsciiString("xx5").subSequence(2, 3));
    head.fields().remove(head.fields().find("c"));
    head.fields().writeTo(out, FieldSet.MADE_BY_WRITER);
    assertThat(Heads.text(out)).isEqualTo("a: 1|b: 2|d: 4|e: 5|");
  }

  @Test
  void comparesValuesWithAndWithoutCase() {
    fields.append("a", "Close");
    assertThat(fields.valueEquals(0, AsciiBytes.of("Close"))).isTrue();
    assertThat(fields.valueEquals(0, AsciiBytes.of("close"))).isFalse();
    assertThat(fields.valueEqualsIgnoringCase(0, AsciiBytes.of("cLOSE"))).isTrue();
    assertThat(fields.valueEqualsIgnoringCase(0, AsciiBytes.of("clos"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(value = FieldName.class, mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
  void knowsEveryNameInAnyCase(FieldName name) {
    for (String text :
        new String[] {
          name.text(),
          name.text().toLowerCase(java.util.Locale.ROOT),
          name.text().toUpperCase(java.util.Locale.ROOT)
        }) {
      byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.US_ASCII);
      assertThat(FieldName.of(bytes, 1, bytes.length - 1)).isEqualTo(name);
      assertThat(FieldName.of(bytes, 0, bytes.length)).isEqualTo(FieldName.OTHER);
    }
    assertThat(name.number()).as("a set of names fits a long").isLessThan(63);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "hos", "hosts", "h\u00f3st", "X-Forwarded", "\u001apath"})
  void takesOtherNamesForUnknown(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(FieldName.of(bytes, 0, bytes.length)).isEqualTo(FieldName.OTHER);
  }
}

package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static Trace read(String text) {
    byte[] bytes = ("  " + text + "  ").getBytes(StandardCharsets.ISO_8859_1);
    return Trace.read(bytes, 2, bytes.length - 2);
  }

  private static String field(Trace trace) {
    byte[] text = new byte[Trace.LENGTH + 2];
    trace.writeTo(text, 1);
    assertThat(text[0]).as("what stands before").isZero();
    assertThat(text[Trace.LENGTH + 1]).as("what stands behind").isZero();
    return new String(text, 1, Trace.LENGTH, StandardCharsets.ISO_8859_1);
  }

  @Test
  void isReadFromItsField() {
    Trace trace = read(VALID);
    assertThat(trace.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(trace.parent()).isEqualTo(0xb7ad6b7169203331L);
    assertThat(trace.sampled()).isTrue();
    assertThat(trace.present()).as("has a span of its own").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-is-to-come"
      })
  void isReadWithFlagsAndVersionsToCome(String text) {
    assertThat(read(text)).isEqualTo(read(VALID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01"
      })
  void isNoneWhereTheFieldIsNotValid(String text) {
    assertThat(read(text)).isEqualTo(Trace.NONE);
  }

  @Test
  void tellsWhoeverIsAskedNextOfItsOwnSpan() {
    assertThat(field(new Trace(1, 0xfL << 60, 7, 0x2a, true)))
        .isEqualTo("00-0000000000000001f000000000000000-000000000000002a-01");
    assertThat(field(new Trace(1, 2, 0, 3, false)))
        .isEqualTo("00-00000000000000010000000000000002-0000000000000003-00");
  }
}

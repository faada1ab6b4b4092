package io.lockgate.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class EventFormatTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006Z");

  private final LineFormat text = LineFormat.of(LogFormat.TEXT);
  private final LineFormat json = LineFormat.of(LogFormat.JSON);

  @Test
  void textIsTimeLevelLoggerAndMessage() {
    assertThat(text.line(event(Level.INFO, "reload applied generation=2")))
        .isEqualTo("2026-01-02T03:04:05.006Z INFO  io.lockgate.x reload applied generation=2\n");
  }

  @Test
  void jsonHasTheSameFacts() {
    assertThat(json.line(event(Level.WARN, "a \"quoted\" word")))
        .isEqualTo(
            "{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"warn\","
                + "\"logger\":\"io.lockgate.x\",\"message\":\"a \\\"quoted\\\" word\"}\n");
  }

  @ParameterizedTest
  @EnumSource
  void levelsAreNamedInSmallLetters(Level level) {
    String name = level.toString().toLowerCase(Locale.ROOT);
    assertThat(json.line(event(level, "m"))).contains("\"level\":\"" + name + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\u0085", "\u2028", "\u001b[31m", "\u202e", "\u0000"})
  void aValueCannotBreakOutOfItsLine(String attack) {
    for (LineFormat format : new LineFormat[] {text, json}) {
      String line = format.line(event(Level.INFO, "name=" + attack + "INFO forged"));
      assertThat(line.substring(0, line.length() - 1)).doesNotContain(attack);
      assertThat(line.chars().filter(c -> c < 0x20).count()).as("its own line end").isEqualTo(1);
    }
  }

  @Nested
  class AFailure {
    private final Exception failure =
        new IllegalStateException("outer\nline", new IOException("inner"));

    @Test
    void isOneFieldWithItsCauses() {
      String line = text.line(failed(Level.WARN));
      assertThat(line)
          .contains("error=\"java.lang.IllegalStateException: outer\\nline; caused by")
          .contains("java.io.IOException: inner\"")
          .doesNotContain("stack=")
          .hasLineCount(1);
    }

    @Test
    void ofOurOwnBringsItsStackOnTheSameLine() {
      assertThat(json.line(failed(Level.ERROR)))
          .contains("\"stack\":\"")
          .contains("EventFormatTest")
          .hasLineCount(1);
    }

    private LogEvent failed(Level level) {
      return new LogEvent(
          TIME, level, "io.lockgate.x", "it failed", Optional.of(failure), level == Level.ERROR);
    }
  }

  private static LogEvent event(Level level, String message) {
    return new LogEvent(TIME, level, "io.lockgate.x", message, Optional.empty(), false);
  }
}

package io.lockgate.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFormatTest {
  private final Formatter text = new TextFormatter(new StackTraces());
  private final Formatter json = new JsonFormatter(new StackTraces());

  @Test
  void textIsTimeLevelLoggerAndMessage() {
    assertThat(text.format(event(Level.INFO, "reload applied generation=2")))
        .isEqualTo("2026-01-02T03:04:05.006Z INFO  io.lockgate.x reload applied generation=2\n");
  }

  @Test
  void jsonHasTheSameFacts() {
    assertThat(json.format(event(Level.WARNING, "a \"quoted\" word")))
        .isEqualTo(
            "{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"warn\","
                + "\"logger\":\"io.lockgate.x\",\"message\":\"a \\\"quoted\\\" word\"}\n");
  }

  @ParameterizedTest
  @CsvSource({"SEVERE, error", "WARNING, warn", "INFO, info", "FINE, debug", "FINEST, trace"})
  void levelsAreNamedAsInSlf4j(String level, String name) {
    assertThat(json.format(event(Level.parse(level), "m"))).contains("\"level\":\"" + name + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\u0085", "\u2028", "\u001b[31m", "\u202e", "\u0000"})
  void aValueCannotBreakOutOfItsLine(String attack) {
    for (Formatter format : new Formatter[] {text, json}) {
      String line = format.format(event(Level.INFO, "name=" + attack + "INFO forged"));
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
      String line = text.format(failed(Level.WARNING));
      assertThat(line)
          .contains("error=\"java.lang.IllegalStateException: outer\\nline; caused by")
          .contains("java.io.IOException: inner\"")
          .doesNotContain("stack=")
          .hasLineCount(1);
    }

    @Test
    void ofOurOwnBringsItsStackOnTheSameLine() {
      assertThat(json.format(failed(Level.SEVERE)))
          .contains("\"stack\":\"")
          .contains("EventFormatTest")
          .hasLineCount(1);
    }

    private LogRecord failed(Level level) {
      LogRecord event = event(level, "it failed");
      event.setThrown(failure);
      return event;
    }
  }

  private static LogRecord event(Level level, String message) {
    LogRecord event = new LogRecord(level, message);
    event.setLoggerName("io.lockgate.x");
    event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
    return event;
  }
}

package io.lockgate.app.log;

import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** {@code time LEVEL logger message key=value}, for people. */
final class TextFormatter extends Formatter {
  private final StackTraces stacks;

  TextFormatter(StackTraces stacks) {
    this.stacks = stacks;
  }

  @Override
  public String format(LogRecord event) {
    StringBuilder line = new StringBuilder(160);
    EventText.appendTime(line, event);
    String level = EventText.levelName(event).toUpperCase(Locale.ROOT);
    line.append(' ').append(level).append(level.length() == 4 ? "  " : " ");
    line.append(event.getLoggerName()).append(' ');
    EventText.appendEscaped(line, String.valueOf(event.getMessage()), false);
    Throwable failure = event.getThrown();
    if (failure != null) {
      appendField(line, "error", EventText.describe(failure));
      if (stacks.wantedFor(event)) {
        appendField(line, "stack", EventText.stack(failure));
      }
    }
    return line.append('\n').toString();
  }

  private static void appendField(StringBuilder line, String key, String value) {
    line.append(' ').append(key).append("=\"");
    EventText.appendEscaped(line, value, true);
    line.append('"');
  }
}

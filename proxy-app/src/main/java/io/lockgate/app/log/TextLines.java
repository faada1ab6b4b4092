package io.lockgate.app.log;

import java.util.Locale;

/** {@code time LEVEL logger message key=value}, for people. */
final class TextLines implements LineFormat {
  @Override
  public String line(LogEvent event) {
    StringBuilder line = new StringBuilder(160);
    EventText.appendTime(line, event.time());
    String level = EventText.levelName(event.level()).toUpperCase(Locale.ROOT);
    line.append(' ').append(level).append(level.length() == 4 ? "  " : " ");
    line.append(event.logger()).append(' ');
    EventText.appendEscaped(line, event.message(), false);
    if (event.failure().isPresent()) {
      Throwable failure = event.failure().get();
      appendField(line, "error", EventText.describe(failure));
      if (event.withStack()) {
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

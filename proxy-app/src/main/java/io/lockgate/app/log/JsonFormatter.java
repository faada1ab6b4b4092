package io.lockgate.app.log;

import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** One JSON object a line (RFC 8259), for machines. */
final class JsonFormatter extends Formatter {
  private final StackTraces stacks;

  JsonFormatter(StackTraces stacks) {
    this.stacks = stacks;
  }

  @Override
  public String format(LogRecord event) {
    StringBuilder line = new StringBuilder(200).append("{\"time\":\"");
    EventText.appendTime(line, event);
    line.append('"');
    appendField(line, "level", EventText.levelName(event));
    appendField(line, "logger", String.valueOf(event.getLoggerName()));
    appendField(line, "message", String.valueOf(event.getMessage()));
    Throwable failure = event.getThrown();
    if (failure != null) {
      appendField(line, "error", EventText.describe(failure));
      if (stacks.wantedFor(event)) {
        appendField(line, "stack", EventText.stack(failure));
      }
    }
    return line.append("}\n").toString();
  }

  private static void appendField(StringBuilder line, String key, String value) {
    line.append(",\"").append(key).append("\":\"");
    EventText.appendEscaped(line, value, true);
    line.append('"');
  }
}

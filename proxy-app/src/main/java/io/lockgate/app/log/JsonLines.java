package io.lockgate.app.log;

/** One JSON object a line (RFC 8259), for machines. */
final class JsonLines implements LineFormat {
  @Override
  public String line(LogEvent event) {
    StringBuilder line = new StringBuilder(200).append("{\"time\":\"");
    EventText.appendTime(line, event.time());
    line.append('"');
    appendField(line, "level", EventText.levelName(event.level()));
    appendField(line, "logger", event.logger());
    appendField(line, "message", event.message());
    if (event.failure().isPresent()) {
      Throwable failure = event.failure().get();
      appendField(line, "error", EventText.describe(failure));
      if (event.withStack()) {
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

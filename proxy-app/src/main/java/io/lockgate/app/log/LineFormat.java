package io.lockgate.app.log;

/** Makes one line of an event, with its line end; whatever the event holds, never two. */
interface LineFormat {
  String line(LogEvent event);

  static LineFormat of(LogFormat format) {
    return format == LogFormat.JSON ? new JsonLines() : new TextLines();
  }
}

package io.lockgate.app.log;

import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Writes each event with one call, so that lines of several processes on one pipe do not mix.
 * Called on whatever thread logs; the events of the request path are logged at debug only.
 */
final class LineHandler extends Handler {
  private final PrintStream out;

  LineHandler(PrintStream out, Formatter formatter) {
    this.out = out;
    setFormatter(formatter);
  }

  @Override
  public void publish(LogRecord event) {
    if (isLoggable(event)) {
      out.print(getFormatter().format(event));
    }
  }

  @Override
  public void flush() {
    out.flush();
  }

  /** Standard error belongs to the process, not to this handler. */
  @Override
  public void close() {
    flush();
  }
}

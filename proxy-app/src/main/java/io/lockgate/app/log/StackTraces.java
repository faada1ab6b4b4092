package io.lockgate.app.log;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * When a failure's stack goes into the log: for our own faults, and for everything of a logger that
 * was set to debug. Clients and upstreams fail all day, and their stacks say nothing.
 */
final class StackTraces {
  boolean wantedFor(LogRecord event) {
    return event.getLevel().intValue() >= Level.SEVERE.intValue()
        || Logger.getLogger(String.valueOf(event.getLoggerName())).isLoggable(Level.FINE);
  }
}

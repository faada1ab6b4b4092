package io.lockgate.app.log;

/** How a line of the daemon's log looks. */
public enum LogFormat {
  TEXT,
  JSON
}

package io.lockgate.app.log;

import java.time.Instant;
import java.util.Optional;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logger: lets through what its level allows. Called on whatever thread logs, event loops among
 * them; the events of the request path are logged at debug only.
 */
final class DaemonLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1;

  private final transient LoggerTree tree;
  private transient volatile int threshold;

  DaemonLogger(String name, int threshold, LoggerTree tree) {
    this.name = name;
    this.threshold = threshold;
    this.tree = tree;
  }

  /** Lets through what is at least as grave from now on. */
  void threshold(int level) {
    threshold = level;
  }

  private boolean allows(Level level) {
    return level.toInt() >= threshold;
  }

  /**
   * Stacks of our own faults, and all of a logger that was set to debug. Clients and upstreams fail
   * all day, and their stacks say nothing.
   */
  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String pattern, Object[] arguments, Throwable failure) {
    tree.write(
        new LogEvent(
            Instant.now(),
            level,
            name,
            String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments)),
            Optional.ofNullable(failure),
            level == Level.ERROR || allows(Level.DEBUG)));
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return DaemonLogger.class.getName();
  }

  @Override
  public boolean isTraceEnabled() {
    return allows(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return allows(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return allows(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return allows(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return allows(Level.ERROR);
  }
}

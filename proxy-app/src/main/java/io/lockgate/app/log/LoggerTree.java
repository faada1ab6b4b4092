package io.lockgate.app.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * All loggers of the process by their names, and the levels that were set for branches of them.
 * What is logged before {@link #writeTo} goes nowhere. May be called from any thread.
 */
final class LoggerTree implements ILoggerFactory {
  private static final String ROOT = "";

  private final Map<String, DaemonLogger> loggers = new ConcurrentHashMap<>();
  private final Map<String, Integer> levels = new ConcurrentHashMap<>();
  private volatile Consumer<LogEvent> target = event -> {};
  private volatile String unread = "";
  private volatile String unreadBut = "";

  LoggerTree() {
    levels.put(ROOT, Level.INFO.toInt());
  }

  @Override
  public Logger getLogger(String name) {
    DaemonLogger known = loggers.get(name);
    if (known != null) {
      return known;
    }
    synchronized (levels) {
      return loggers.computeIfAbsent(name, n -> new DaemonLogger(n, thresholdOf(n), this));
    }
  }

  void writeTo(Consumer<LogEvent> newTarget) {
    target = newTarget;
  }

  /**
   * Lets the branch log what is at least as grave.
   *
   * @param branch the name of a logger or of what loggers have in common; empty means all
   */
  void threshold(String branch, int level) {
    synchronized (levels) { // or a logger made meanwhile would keep the level of before
      levels.put(branch, level);
      loggers.forEach((name, logger) -> logger.threshold(thresholdOf(name)));
    }
  }

  /**
   * What threads of that group say at the levels of operators, below error, goes nowhere.
   *
   * @param but loggers of this branch excepted
   */
  void leaveUnread(String threadGroup, String but) {
    unreadBut = but;
    unread = threadGroup;
  }

  void write(LogEvent event) {
    boolean forOperators = event.level() == Level.INFO || event.level() == Level.WARN;
    if (!forOperators
        || event.logger().startsWith(unreadBut)
        || !Thread.currentThread().getThreadGroup().getName().equals(unread)) {
      target.accept(event);
    }
  }

  private int thresholdOf(String name) {
    String branch = name;
    while (true) {
      Integer level = levels.get(branch);
      if (level != null) {
        return level;
      }
      int dot = branch.lastIndexOf('.');
      branch = dot < 0 ? ROOT : branch.substring(0, dot);
    }
  }
}

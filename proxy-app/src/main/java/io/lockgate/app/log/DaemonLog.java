package io.lockgate.app.log;

import io.lockgate.app.warmup.WarmUp;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The set-up of the daemon's log, and its levels while it runs. There is one in a process, because
 * SLF4J has one set of loggers; may be called from any thread.
 */
public final class DaemonLog {
  private static final Map<String, Integer> LEVELS =
      Map.of(
          "trace", Level.TRACE.toInt(),
          "debug", Level.DEBUG.toInt(),
          "info", Level.INFO.toInt(),
          "warn", Level.WARN.toInt(),
          "error", Level.ERROR.toInt(),
          "off", Integer.MAX_VALUE);

  private final LoggerTree loggers;

  private DaemonLog(LoggerTree loggers) {
    this.loggers = loggers;
  }

  /** From now on everything that is logged is written there. */
  public static DaemonLog install(PrintStream out, LogFormat format) {
    ILoggerFactory found = LoggerFactory.getILoggerFactory();
    if (!(found instanceof LoggerTree loggers)) {
      throw new IllegalStateException("another log is on the class path: " + found.getClass());
    }
    DaemonLog log = on(loggers, out, format);
    // Netty warns about what clients do to it, which is ours to tell; a leak it reports as an
    // error.
    log.level("io.netty", "error");
    loggers.leaveUnread(WarmUp.GROUP, WarmUp.class.getPackageName());
    return log;
  }

  static DaemonLog on(LoggerTree loggers, PrintStream out, LogFormat format) {
    LineFormat lines = LineFormat.of(format);
    // Each event with one call, so that lines of several processes on one pipe do not mix.
    loggers.writeTo(event -> out.print(lines.line(event)));
    return new DaemonLog(loggers);
  }

  /**
   * Sets the level of a logger and of those below it from now on.
   *
   * @param logger a name such as {@code io.lockgate.tls}; empty or {@code root} means all
   * @param level trace, debug, info, warn, error or off
   * @return false, and nothing is changed, if there is no such level
   */
  public boolean level(String logger, String level) {
    Optional<Integer> wanted = Optional.ofNullable(LEVELS.get(level));
    String name = logger.equals("root") ? "" : logger;
    wanted.ifPresent(to -> loggers.threshold(name, to));
    return wanted.isPresent();
  }
}

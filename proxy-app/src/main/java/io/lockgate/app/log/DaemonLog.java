package io.lockgate.app.log;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * The set-up of the daemon's log, and its levels while it runs. There is one in a process, because
 * java.util.logging has one root; may be called from any thread.
 */
public final class DaemonLog {
  private static final Map<String, Level> LEVELS =
      Map.of(
          "trace", Level.FINEST,
          "debug", Level.FINE,
          "info", Level.INFO,
          "warn", Level.WARNING,
          "error", Level.SEVERE,
          "off", Level.OFF);

  /** Loggers with a level of their own; without this reference they could be collected. */
  private final Map<String, Logger> adjusted = new ConcurrentHashMap<>();

  private DaemonLog() {}

  /** Takes over java.util.logging: our one handler, and nothing else. */
  public static DaemonLog install(PrintStream out, LogFormat format) {
    StackTraces stacks = new StackTraces();
    Formatter formatter =
        format == LogFormat.JSON ? new JsonFormatter(stacks) : new TextFormatter(stacks);
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.addHandler(new LineHandler(out, formatter));
    root.setLevel(Level.INFO);
    DaemonLog log = new DaemonLog();
    // Netty warns about what clients do to it, which is ours to tell; a leak it reports as an
    // error.
    log.level("io.netty", "error");
    return log;
  }

  /**
   * Sets the level of a logger and of those below it from now on.
   *
   * @param logger a name such as {@code io.lockgate.tls}; empty or {@code root} means all
   * @param level trace, debug, info, warn, error or off
   * @return false, and nothing is changed, if there is no such level
   */
  public boolean level(String logger, String level) {
    Optional<Level> wanted = Optional.ofNullable(LEVELS.get(level));
    String name = logger.equals("root") ? "" : logger;
    wanted.ifPresent(to -> adjusted.computeIfAbsent(name, Logger::getLogger).setLevel(to));
    return wanted.isPresent();
  }
}

package io.lockgate.app;

import io.lockgate.app.log.LogFormat;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code lockgate run} was asked.
 *
 * @param configFile empty means the distribution's own
 */
record RunRequest(Optional<Path> configFile, LogFormat logFormat) {

  /**
   * Understands the plain forms of {@code run} without the command line library, whose reflection
   * costs more than reading the configuration. Anything else, wrong usage included, is empty and
   * goes the long way.
   */
  static Optional<RunRequest> ofPlain(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("run")) {
      return Optional.empty();
    }
    Optional<Path> file = Optional.empty();
    LogFormat format = LogFormat.TEXT;
    for (int i = 1; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "-c", "--config" -> {
          if (++i == arguments.length || arguments[i].startsWith("-")) {
            return Optional.empty();
          }
          file = Optional.of(Path.of(arguments[i]));
        }
        case "--log-format=json" -> format = LogFormat.JSON;
        case "--log-format=text" -> format = LogFormat.TEXT;
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new RunRequest(file, format));
  }
}

package io.lockgate.app;

import io.lockgate.app.log.LogFormat;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The forms of {@code run} that {@link RunRequest#ofPlain} leaves to the library, and its help. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the proxy in the foreground.")
final class RunCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; otherwise conf/lockgate.conf of the distribution.")
  private Optional<Path> configFile = Optional.empty();

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How lines of the daemon's log look (standard error).")
  private LogFormat logFormat = LogFormat.TEXT;

  private final Surroundings surroundings;

  RunCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return new Daemon(surroundings).run(new RunRequest(configFile, logFormat));
  }
}

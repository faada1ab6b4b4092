package io.lockgate.app;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.hocon.ProblemReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockgate config}: every value that counts, whether written or a default. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Prints the effective configuration, secrets as <redacted>.")
final class ConfigCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; otherwise conf/lockgate.conf of the distribution.")
  private Optional<Path> configFile = Optional.empty();

  @Option(names = "--origins", description = "Says with each value which file and line set it.")
  private boolean origins;

  private final Surroundings surroundings;

  ConfigCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path file = configFile.orElseGet(surroundings::defaultConfigFile);
    ConfigResult result = ConfigReader.read(file, surroundings.environment());
    if (result instanceof ConfigResult.Valid valid) {
      surroundings.out().print(valid.effective().render(origins));
      return ExitCode.GOOD;
    }
    surroundings.err().print(ProblemReport.render(result, false));
    return ExitCode.WRONG_CONFIGURATION;
  }
}

package io.lockgate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code lockgate version}: the distribution's version, then what it runs on. */
@Command(name = "version", mixinStandardHelpOptions = true, description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  VersionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    surroundings
        .out()
        .printf(
            "lockgate %s (Java %s, %s %s)%n",
            surroundings.version(),
            System.getProperty("java.runtime.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
    return ExitCode.GOOD;
  }
}

package io.lockgate.app;

import io.lockgate.app.log.DaemonLog;
import io.lockgate.app.log.LogFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code lockgate prepare}: makes later starts faster. The launcher lets the virtual machine
 * archive what this run loads; here is only the run itself.
 */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description = "Archives the loaded classes for this Java, so that later starts are faster.")
final class PrepareCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  PrepareCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    DaemonLog.install(surroundings.err(), LogFormat.TEXT).level("root", "warn");
    Path scratch = Files.createTempDirectory("lockgate-prepare");
    try {
      new Rehearsal(scratch, surroundings).play();
      return ExitCode.GOOD;
    } finally {
      delete(scratch);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}

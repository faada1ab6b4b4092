package io.lockgate.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code lockgate prepare}: makes later starts faster, by archives of what a rehearsal loaded. They
 * fit one version of Java and this distribution, and the launcher finds them by that; whoever reads
 * one never sees half of it.
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
    Path cache = surroundings.home().resolve("cache");
    Path scratch = scratch(cache);
    try {
      new Rehearsal(scratch, surroundings).play();
      for (Path archive : archives(scratch)) {
        readableByAll(archive);
        readableByAll(recordOf(archive));
        Path kept = cache.resolve(archive.getFileName());
        // The launcher uses an archive only with its record, which must never lie beside another.
        Path record = recordOf(kept);
        Files.deleteIfExists(record);
        Files.move(archive, kept, StandardCopyOption.ATOMIC_MOVE);
        Files.move(recordOf(archive), record, StandardCopyOption.ATOMIC_MOVE);
        surroundings.err().println("lockgate: wrote " + kept);
      }
      return ExitCode.GOOD;
    } finally {
      delete(scratch);
    }
  }

  /** Beside the archives, since only within a file system a file takes its place at once. */
  private static Path scratch(Path cache) throws IOException {
    try {
      Files.createDirectories(cache);
      return Files.createTempDirectory(cache, "rehearsal");
    } catch (IOException e) {
      throw new IOException("cannot write to " + cache + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> archives(Path scratch) throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      List<Path> found =
          files.filter(file -> file.toString().matches(".*\\.(jsa|aot)")).sorted().toList();
      if (found.isEmpty()) {
        throw new IOException("this Java made no archive");
      }
      return found;
    }
  }

  private static void readableByAll(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** The launcher's record of the jars that an archive was made of. */
  private static Path recordOf(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".jars");
  }

  private static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}

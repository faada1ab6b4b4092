package io.lockgate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The built distribution, as an operator would unpack it: what the build says in the system
 * property {@code lockgate.dist}, or else the newest below {@code proxy-app/target}.
 */
public final class Distribution {
  private final Path directory;

  private Distribution(Path directory) {
    this.directory = directory;
  }

  /** Finds it, or fails the test with the place where it was looked for. */
  public static Distribution find() {
    Optional<Path> named = property("lockgate.dist").map(Path::of);
    Path directory = named.orElseGet(Distribution::newest);
    if (!Files.isExecutable(directory.resolve("bin/lockgate"))) {
      throw new AssertionError(
          "no built distribution in " + directory.toAbsolutePath() + ": no bin/lockgate there");
    }
    return new Distribution(directory.toAbsolutePath());
  }

  public Path launcher() {
    return directory.resolve("bin/lockgate");
  }

  /** Prepares {@code lockgate ARGS...}. */
  public Command command(String... arguments) {
    Command command = Command.of(launcher().toString(), arguments);
    environment().forEach(command::environment);
    return command;
  }

  /** Which JVM runs it, and how. */
  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    property("lockgate.test.java").ifPresent(java -> environment.put("LOCKGATE_JAVA", java));
    environment.put("NO_COLOR", "1");
    return environment;
  }

  private static Optional<String> property(String name) {
    // A build that leaves a property open hands it down empty, or as it stands in the file.
    return Optional.ofNullable(System.getProperty(name))
        .filter(value -> !value.isBlank() && !value.contains("${"));
  }

  private static Path newest() {
    for (Path target : new Path[] {Path.of("target"), Path.of("proxy-app", "target")}) {
      try (Stream<Path> entries = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
        Optional<Path> found =
            entries
                .filter(entry -> entry.getFileName().toString().startsWith("lockgate-"))
                .filter(Files::isDirectory)
                .max(Comparator.comparing(entry -> entry.toFile().lastModified()));
        if (found.isPresent()) {
          return found.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Path.of("proxy-app", "target", "lockgate-VERSION");
  }
}

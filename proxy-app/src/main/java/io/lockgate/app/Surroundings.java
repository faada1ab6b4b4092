package io.lockgate.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What the process was given: its environment, its streams, the distribution it runs from. Handed
 * to every command, so that none reaches for the process itself.
 *
 * @param home of the distribution, which holds {@code conf/lockgate.conf}
 * @param coloursAllowed standard output is a terminal and NO_COLOR is not set
 */
record Surroundings(
    Map<String, String> environment,
    PrintStream out,
    PrintStream err,
    Path home,
    boolean coloursAllowed,
    Clock clock,
    String version) {

  static Surroundings ofProcess() {
    Map<String, String> environment = System.getenv();
    return new Surroundings(
        environment,
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        Path.of(System.getProperty("lockgate.home", ".")),
        !environment.containsKey("NO_COLOR") && isTerminal("/proc/self/fd/1"),
        Clock.systemUTC(),
        versionOfDistribution());
  }

  Path defaultConfigFile() {
    return home.resolve("conf").resolve("lockgate.conf");
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /**
   * System.console() cannot tell: it wants standard input to be a terminal too, or is never null.
   */
  private static boolean isTerminal(String descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static String versionOfDistribution() {
    try (InputStream text = Surroundings.class.getResourceAsStream("version.txt")) {
      if (text == null) {
        throw new AssertionError("the build left out version.txt");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

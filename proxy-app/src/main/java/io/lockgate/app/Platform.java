package io.lockgate.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the process runs on, for the day when a native library cannot be loaded.
 *
 * @param musl the C library is musl, as in Alpine
 */
record Platform(String system, String processor, boolean musl) {
  static Platform ofProcess() {
    return new Platform(
        System.getProperty("os.name"), System.getProperty("os.arch"), mapsMusl("/proc/self/maps"));
  }

  private static boolean mapsMusl(String maps) {
    try (Stream<String> mapped = Files.lines(Path.of(maps))) {
      return mapped.anyMatch(line -> line.contains("/ld-musl-"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** One line: what is needed, and what there is instead. */
  String shortfall() {
    String library = musl ? " with the musl C library" : "";
    return "a native library cannot be loaded: Lockgate needs Linux on x86-64 or ARM64 with the GNU C"
        + " library, and this is "
        + system
        + " on "
        + processor
        + library;
  }
}

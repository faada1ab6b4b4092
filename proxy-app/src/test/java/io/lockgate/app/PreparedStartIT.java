package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of loaded classes make starts faster, and are never needed. */
class PreparedStartIT {
  @TempDir private Path directory;
  private Path home;

  /** The distribution once more, with a cache of its own. */
  @BeforeEach
  void link() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    Path built = Distribution.find().launcher().getParent().getParent();
    Files.createDirectory(home.resolve("bin"));
    Files.createDirectory(home.resolve("cache"));
    Files.copy(built.resolve("bin/lockgate"), home.resolve("bin/lockgate"));
    Files.createSymbolicLink(home.resolve("lib"), built.resolve("lib"));
  }

  @Test
  void aDamagedArchiveIsPassedOverInSilence() throws IOException {
    Path archive = rehearse();
    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(archive, "this is no archive of classes");
    saysNothingButItsVersion();
  }

  @Test
  void anArchiveOfTheseJarsIsUsed() throws IOException {
    rehearse();
    assertThat(classesFromTheArchive()).isPositive();
  }

  @Test
  void anArchiveOfOtherJarsIsPassedOverInSilence() throws IOException {
    haveJarsOfItsOwn();
    rehearse();
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      Path jar = jars.filter(file -> file.toString().contains("proxy-app")).findAny().orElseThrow();
      Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH)); // replaced, as from an archive
    }
    assertThat(classesFromTheArchive()).isZero();
    saysNothingButItsVersion();
  }

  @Test
  void anArchiveCopiedWithItsDistributionIsPassedOver() throws IOException {
    haveJarsOfItsOwn();
    rehearse();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(home, elsewhere);
    Files.createSymbolicLink(home, elsewhere); // where the archived jars were is something still
    home = elsewhere;
    assertThat(classesFromTheArchive()).isZero();
  }

  private void haveJarsOfItsOwn() throws IOException {
    Path built = home.resolve("lib").toRealPath();
    Files.delete(home.resolve("lib"));
    Files.createDirectory(home.resolve("lib"));
    try (Stream<Path> jars = Files.list(built)) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.copy(jar, home.resolve("lib").resolve(jar.getFileName()));
      }
    }
  }

  /** Of the proxy's own classes that a small command loads, those taken from the archive. */
  private long classesFromTheArchive() throws IOException {
    Path log = directory.resolve("classes.log");
    Command.Result result =
        command().environment("LOCKGATE_OPTS", "-Xlog:class+load:file=" + log).run();
    assertThat(result.exit()).as(result.toString()).isZero();
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains("io.lockgate.") && line.contains("shared objects file"))
          .count();
    }
  }

  /** Makes the archive of one small command; what the launcher calls it is its own affair. */
  private Path rehearse() throws IOException {
    Path cache = home.resolve("cache");
    Command.Result rehearsal = command().environment("LOCKGATE_REHEARSAL", cache.toString()).run();
    assertThat(rehearsal.exit()).as(rehearsal.toString()).isZero();
    try (Stream<Path> made = Files.list(cache)) {
      return made.filter(file -> !file.toString().endsWith(".jars")).findFirst().orElseThrow();
    }
  }

  private void saysNothingButItsVersion() {
    Command.Result result = command().run();
    assertThat(result.exit()).as(result.toString()).isZero();
    assertThat(result.output()).startsWith("lockgate ");
    assertThat(result.errors()).isEmpty();
  }

  /** Java as the other tests have it. */
  private Command command() {
    Command command = Command.of(home.resolve("bin/lockgate").toString(), "version");
    String java = System.getProperty("lockgate.test.java", System.getProperty("java.home"));
    return command.environment("LOCKGATE_JAVA", java);
  }
}

package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units as systemd reads them, which need not run for that. */
class SystemdUnitIT {
  @TempDir private Path directory;

  /** With the distribution where it has been built. */
  @BeforeEach
  void install() throws IOException {
    Path home = Distribution.find().launcher().getParent().getParent();
    for (String unit : new String[] {"lockgate.service", "lockgate.socket"}) {
      String text = Files.readString(home.resolve("share").resolve(unit));
      assertThat(text).contains("/opt/lockgate");
      Files.writeString(
          directory.resolve(unit), text.replace("/opt/lockgate", home.toRealPath().toString()));
    }
  }

  private Command analyze(String verb, String... arguments) {
    return Command.of("systemd-analyze", verb).with(arguments);
  }

  @Test
  void areUnderstood() {
    Command.Result result =
        analyze(
                "verify",
                "--man=no",
                directory.resolve("lockgate.service").toString(),
                directory.resolve("lockgate.socket").toString())
            .run();
    assertThat(result.exit()).as(result.toString()).isZero();
    assertThat(result.errors()).doesNotContain("lockgate.s");
  }

  /** As docs/operations.md says; 20 stands for 2.0. */
  @Test
  void leaveAnIntruderLittle() {
    Command.Result result =
        analyze(
                "security",
                "--offline=yes",
                "--threshold=20",
                "--no-pager",
                directory.resolve("lockgate.service").toString())
            .run();
    assertThat(result.exit()).as(result.toString()).isZero();
  }
}

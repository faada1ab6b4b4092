package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.Distribution;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The distribution in its wrappings. Scripts go through the life of each, as people may, and say of
 * every expectation whether it holds.
 */
class PackagesIT {
  private static final Path HOME = Distribution.find().launcher().getParent().getParent();

  @TestFactory
  Stream<DynamicTest> theDebianPackageIsInstalledUpgradedAndRemoved() throws IOException {
    try (DirectoryStream<Path> built =
        Files.newDirectoryStream(HOME.getParent(), "lockgate_*_all.deb")) {
      return expectations("check-package", built.iterator().next().toString());
    }
  }

  @TestFactory
  Stream<DynamicTest> theImageHasWhatItNeedsAndWritesNowhereElse() throws IOException {
    String java = System.getProperty("lockgate.test.java", System.getProperty("java.home"));
    return expectations("check-image", HOME.toString(), java);
  }

  private static Stream<DynamicTest> expectations(String script, String... arguments)
      throws IOException {
    Command.Result result =
        Command.of(Path.of("../scripts", script).toRealPath().toString(), arguments)
            .atMost(Duration.ofMinutes(3))
            .run();
    List<String> told =
        result.output().lines().filter(line -> line.matches("(not )?ok .*")).toList();
    assertThat(told).as(result.toString()).hasSizeGreaterThan(8);
    return told.stream()
        .map(line -> DynamicTest.dynamicTest(line, () -> holds(line, result.toString())));
  }

  private static void holds(String line, String report) {
    assertThat(line).as(report).startsWith("ok ");
  }
}

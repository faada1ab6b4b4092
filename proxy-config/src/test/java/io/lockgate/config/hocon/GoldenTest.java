package io.lockgate.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A directory, a behaviour: the files of a configuration, and what an operator is told about them.
 * Run with {@code -Dlockgate.write=true} to write the expectations anew; then read the difference.
 */
class GoldenTest {
  private static final Path ROOT = Path.of("src/test/resources/golden");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LOCKGATE_ADMIN_TOKEN", "a-token-nobody-may-see", "RETRIES", "many");

  static List<String> behaviours() throws IOException {
    try (Stream<Path> directories = Files.list(ROOT)) {
      return directories.map(d -> d.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("behaviours")
  void tellsTheOperator(String behaviour) throws IOException {
    Path directory = ROOT.resolve(behaviour);
    ConfigResult result = ConfigReader.read(directory.resolve("lockgate.conf"), ENVIRONMENT);
    String told =
        ProblemReport.render(result, false)
            .replace(directory.toAbsolutePath() + "/", "/DIRECTORY/")
            .replace(directory + "/", "");
    Path expected = directory.resolve("expected.txt");
    if (Boolean.getBoolean("lockgate.write")) {
      Files.writeString(expected, told);
    }
    assertThat(told).isEqualTo(Files.readString(expected));
  }
}

package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A claim of the threat model is held by a test that exists. */
class ThreatModelTest {
  /** A class of tests, and one of its methods where it is named. */
  private static final Pattern NAMED =
      Pattern.compile("\\b([A-Z]\\w*[a-z0-9](?:Test|IT))(?:\\.(\\w+))?\\b");

  private static final int AT_LEAST = 30;

  @Test
  void everyTestThatItNamesExists() throws IOException {
    Map<String, String> sources = sources();
    Set<String> missing = new TreeSet<>();
    int named = 0;
    Matcher matcher = NAMED.matcher(Files.readString(Path.of("../docs/threat-model.md")));
    while (matcher.find()) {
      named++;
      String source = sources.getOrDefault(matcher.group(1), "");
      boolean there =
          !source.isEmpty()
              && (matcher.group(2) == null || source.contains("void " + matcher.group(2) + "("));
      if (!there) {
        missing.add(matcher.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).as("tests named").isGreaterThan(AT_LEAST);
  }

  private static Map<String, String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."), 12)) {
      return files
          .filter(file -> file.toString().matches(".*/src/test/java/.*(Test|IT)\\.java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  ThreatModelTest::read,
                  String::concat));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

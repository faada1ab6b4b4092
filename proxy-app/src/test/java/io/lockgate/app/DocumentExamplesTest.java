package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Examples of the documents that are whole configurations can be taken as they are. */
class DocumentExamplesTest {
  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```hocon\\n(lockgate \\{.*?)^```$");

  private static final List<String> DOCUMENTS = List.of("migration.md", "tutorial.md", "how-to.md");

  @TempDir private Path directory;
  private final Recorded process = new Recorded();

  static Stream<Arguments> examples() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (String document : DOCUMENTS) {
      Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("../docs", document)));
      for (int number = 1; matcher.find(); number++) {
        all.add(Arguments.of(document + ", example " + number, matcher.group(1)));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void areAcceptedByCheck(String which, String example) throws IOException {
    Site site = Site.in(directory);
    site.ca().writeRoot(directory.resolve("clients.pem"));
    site.ca().writeRoot(directory.resolve("internal.pem"));
    site.ca()
        .issue("a.example.com")
        .writeTo(Files.createDirectory(directory.resolve("certs")), "a");
    Path config = Files.writeString(directory.resolve("example.conf"), example);

    int exit = process.lockgate("check", "-c", config.toString());

    assertThat(exit).as(which + "\n" + process.out() + process.err()).isZero();
  }
}

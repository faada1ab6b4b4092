package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The page on the admin endpoint cannot drift from what it describes. Run with {@code
 * -Dlockgate.write=true} to write the list of metrics anew.
 */
class AdminPageTest {
  private static final Path PAGE = Path.of("..", "docs", "admin.md");
  private static final String BEGIN = "<!-- metrics: generated from the code -->\n";
  private static final String END = "<!-- end of metrics -->\n";

  @Test
  void listsEveryMetricAndNoOther() throws IOException {
    String page = Files.readString(PAGE);
    if (Boolean.getBoolean("lockgate.write")) {
      page = page.replace(between(page), metrics());
      Files.writeString(PAGE, page);
    }
    assertThat(between(page)).isEqualTo(metrics());
  }

  private static String between(String page) {
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).isGreaterThan(BEGIN.length()).isLessThan(end);
    return page.substring(begin, end);
  }

  /** In the order of the code, which goes from the client to the process. */
  private static String metrics() {
    return Arrays.stream(Metric.values())
        .map(AdminPageTest::row)
        .collect(Collectors.joining("", "| metric | labels |\n|---|---|\n", ""));
  }

  private static String row(Metric metric) {
    String labels =
        metric.labels().stream().map(label -> "`" + label + "` ").collect(Collectors.joining());
    return "| `%s` (%s): %s | %s|\n"
        .formatted(
            metric.metricName().replaceFirst("^lockgate_", ""),
            Documents.lower(metric.kind()),
            metric.help(),
            labels.replace("` `", "`, `"));
  }

  @Test
  void namesEveryLimit() throws IOException {
    AdminLimits limits = AdminLimits.STANDARD;

    assertThat(Files.readString(PAGE).replace("\n", " "))
        .contains(
            limits.maxConnections() + " connections",
            "a request line of " + limits.maxRequestLineBytes() / 1024 + " KiB",
            "a head of " + limits.maxHeadBytes() / 1024 + " KiB",
            "a body of " + limits.maxBodyBytes() / 1024 + " KiB",
            limits.patience().toSeconds() + " seconds");
  }
}

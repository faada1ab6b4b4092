package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page on the admin endpoint cannot drift from what it describes. */
class AdminPageTest {
  private static final Path PAGE = Path.of("..", "docs", "admin.md");

  @ParameterizedTest
  @EnumSource(Metric.class)
  void explainsEveryMetricWithItsLabels(Metric metric) throws IOException {
    String labels =
        metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    String row =
        "| `%s` (%s): %s | %s |"
            .formatted(
                metric.metricName().replaceFirst("^lockgate_", ""),
                Documents.lower(metric.kind()),
                metric.help(),
                labels)
            .replace("  ", " ");

    assertThat(Files.readAllLines(PAGE)).contains(row);
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

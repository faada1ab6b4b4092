package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.metrics.Metric;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is shipped for Prometheus and Grafana: valid, true to its word, and of metrics there are.
 */
class ShippedRulesIT {
  private static final Path SHARE =
      Files.isDirectory(Path.of("src/main/dist"))
          ? Path.of("src/main/dist/share")
          : Path.of("proxy-app/src/main/dist/share");

  private static final Path RULES = SHARE.resolve("prometheus/lockgate-rules.yml");

  /** Names of metrics; what a rule records has colons in its name. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:lockgate|process|jvm)_[a-z0-9_]+\\b");

  @TempDir Path directory;

  @Test
  void promtoolAcceptsTheRules() {
    Command.of("promtool", "check", "rules", RULES.toString()).run().expectSuccess();
  }

  @Test
  void alertsFireWhenTheyShouldAndNotOtherwise() throws IOException {
    Files.copy(RULES, directory.resolve("lockgate-rules.yml"));
    Path tests = directory.resolve("rules-test.yml");
    try (InputStream resource = getClass().getResourceAsStream("rules-test.yml")) {
      Files.copy(resource, tests);
    }
    Command.of("promtool", "test", "rules", tests.toString()).run().expectSuccess();
  }

  @Test
  void promtoolAcceptsTheScrapeExample() throws IOException {
    Files.copy(RULES, directory.resolve("lockgate-rules.yml"));
    Path scrape = directory.resolve("scrape.yml");
    Files.copy(SHARE.resolve("prometheus/scrape.yml"), scrape);
    Command.of("promtool", "check", "config", scrape.toString()).run().expectSuccess();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prometheus/lockgate-rules.yml",
        "grafana/lockgate.json",
        "../../../../../docs/slis.md"
      })
  void asksOnlyForMetricsThatThereAre(String file) throws IOException {
    String text = Files.readString(SHARE.resolve(file));
    List<String> known = Arrays.stream(Metric.values()).map(Metric::metricName).toList();
    List<String> asked =
        METRIC.matcher(text).results().map(MatchResult::group).map(ShippedRulesIT::family).toList();
    assertThat(asked).isNotEmpty();
    assertThat(known).containsAll(asked);
  }

  private static String family(String series) {
    return series.replaceAll("_(bucket|count|sum)$", "");
  }

  @Test
  void dashboardIsOneDocumentWhosePanelsAllAskForSomething() throws IOException {
    String text = Files.readString(SHARE.resolve("grafana/lockgate.json"));
    assertThat(Json.object(text)).containsEntry("uid", "lockgate");
    assertThat(text.split("\"type\": \"(?:timeseries|stat)\"", -1)).hasSizeGreaterThan(15);
    assertThat(text.split("\"expr\": \"", -1)).hasSizeGreaterThan(20);
  }
}

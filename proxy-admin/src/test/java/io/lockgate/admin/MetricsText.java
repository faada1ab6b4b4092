package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reader of the Prometheus text format that forgives nothing: help, then type, then the samples
 * of one family in one piece, every sample once, only the escapes there are.
 */
final class MetricsText {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)\\})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(?:,|$)");

  final Map<String, String> types = new LinkedHashMap<>();
  final Map<String, Double> samples = new LinkedHashMap<>();

  private String family = "";
  private String type = "";
  private boolean typed;

  static MetricsText parse(String text) {
    assertThat(text).endsWith("\n");
    MetricsText parsed = new MetricsText();
    text.lines().forEach(parsed::line);
    parsed.checkHistograms();
    return parsed;
  }

  private void line(String line) {
    if (line.startsWith("# HELP ")) {
      String[] words = line.split(" ", 4);
      family = words[2];
      typed = false;
      assertThat(types).as("one piece").doesNotContainKey(family);
      assertThat(words[3]).isNotBlank();
    } else if (line.startsWith("# TYPE ")) {
      String[] words = line.split(" ", 4);
      assertThat(words[2]).isEqualTo(family);
      assertThat(typed).isFalse();
      type = words[3];
      types.put(family, type);
      typed = true;
    } else {
      sample(line);
    }
  }

  private void sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    assertThat(typed).as("a type stands before %s", line).isTrue();
    String name = matcher.group(1);
    switch (type) {
      case "histogram" -> assertThat(name).matches(family + "_(bucket|sum|count)");
      case "summary" -> assertThat(name).matches(family + "_(sum|count)");
      case "counter" -> assertThat(name).isEqualTo(family).endsWith("_total");
      default -> assertThat(name).isEqualTo(family);
    }
    String key = name + labels(matcher.group(2) == null ? "" : matcher.group(2));
    double value =
        matcher.group(3).equals("+Inf")
            ? Double.POSITIVE_INFINITY
            : Double.parseDouble(matcher.group(3));
    assertThat(samples.put(key, value)).as("each sample once: %s", key).isNull();
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    Matcher matcher = LABEL.matcher(text);
    int at = 0;
    while (at < text.length()) {
      assertThat(matcher.find(at) && matcher.start() == at).as(text).isTrue();
      String value = matcher.group(2).replace("\\n", "\n").replace("\\\"", "\"");
      labels.put(matcher.group(1), value.replace("\\\\", "\\"));
      at = matcher.end();
    }
    return labels;
  }

  private void checkHistograms() {
    types.forEach(
        (name, kind) -> {
          if (kind.equals("histogram")) {
            checkHistogram(name);
          }
        });
  }

  /** Buckets of each set of labels ascend, and the unbounded one holds them all. */
  private void checkHistogram(String name) {
    Map<String, List<Double>> buckets = new LinkedHashMap<>();
    samples.forEach(
        (key, value) -> {
          if (key.startsWith(name + "_bucket")) {
            String rest = key.substring((name + "_bucket").length()).replaceAll("le=[^,}]+", "");
            buckets.computeIfAbsent(rest, ignored -> new ArrayList<>()).add(value);
          }
        });
    assertThat(buckets).as(name).isNotEmpty();
    buckets.forEach((labels, counts) -> assertThat(counts).as(name + labels).isSorted());
    double all =
        buckets.values().stream().mapToDouble(counts -> counts.get(counts.size() - 1)).sum();
    double counted =
        samples.entrySet().stream()
            .filter(sample -> sample.getKey().startsWith(name + "_count"))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    assertThat(all).as(name).isEqualTo(counted);
  }
}

package io.lockgate.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One scrape in the Prometheus text format. */
public final class Metrics {
  private static final Pattern LINE =
      Pattern.compile(
          "^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\\{.*})? (?<value>\\S+)( \\S+)?$");

  private final List<Series> series;

  private Metrics(List<Series> series) {
    this.series = series;
  }

  /** Parses a scrape; a line that is neither comment nor sample fails the test. */
  public static Metrics parse(String text) {
    List<Series> series = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new AssertionError("not a sample: " + line);
      }
      String labels = matcher.group("labels") == null ? "{}" : matcher.group("labels");
      series.add(new Series(matcher.group("name"), labels, number(matcher.group("value"))));
    }
    return new Metrics(series);
  }

  /** Names of all families that have a sample. */
  public List<String> names() {
    return series.stream().map(Series::name).distinct().toList();
  }

  /** The sum of the series of that name whose labels hold every given {@code name="value"}. */
  public OptionalDouble sum(String name, String... labels) {
    double[] values =
        series.stream()
            .filter(s -> s.name().equals(name))
            .filter(s -> Arrays.stream(labels).allMatch(s::has))
            .mapToDouble(Series::value)
            .toArray();
    return values.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(values).sum());
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private record Series(String name, String labels, double value) {
    boolean has(String label) {
      return labels.contains("{" + label) || labels.contains("," + label);
    }
  }
}

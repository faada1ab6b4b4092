package io.lockgate.bench;

import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Results as a table in Markdown, a row for each benchmark and each choice of its parameters. */
final class ResultTable {
  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final String NONE = "";

  private ResultTable() {}

  static String of(Collection<RunResult> results) {
    return """
        | benchmark | parameters | time | ± | unit | heap, B | server's CPU time, µs | server's heap, B |
        |---|---|--:|--:|---|--:|--:|--:|
        """
        + results.stream().map(ResultTable::row).collect(joining());
  }

  private static String row(RunResult result) {
    BenchmarkParams params = result.getParams();
    Result<?> time = result.getPrimaryResult();
    double error = time.getScoreError();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %s | %s |%n",
        Figures.shortName(params.getBenchmark()),
        params.getParamsKeys().stream()
            .map(key -> key + " " + params.getParam(key))
            .collect(joining(", ")),
        number(time.getScore()),
        Double.isNaN(error) ? NONE : number(error),
        time.getScoreUnit(),
        scores(result, ALLOCATION).mapToObj(ResultTable::number).findAny().orElse(NONE),
        ofServer(result, ServerShare.NANOS, 1_000),
        ofServer(result, ServerShare.BYTES, 1));
  }

  /** Counters are sums over the whole run. */
  private static String ofServer(RunResult result, String counter, int unit) {
    double operations = scores(result, ServerShare.OPERATIONS).sum();
    return scores(result, counter)
        .mapToObj(sum -> number(sum / operations / unit))
        .findAny()
        .orElse(NONE);
  }

  /** One or none. */
  private static DoubleStream scores(RunResult result, String name) {
    Result<?> found = result.getSecondaryResults().get(name);
    return found == null ? DoubleStream.empty() : DoubleStream.of(found.getScore());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }
}

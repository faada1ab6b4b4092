package io.lockgate.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures every benchmark of the proxy's own code shortly and holds it against the {@link
 * Baseline}, or records it. What seems to have grown is measured once more, for longer, before it
 * counts.
 */
final class BaselineCheck {
  /** Other code than the proxy's, which is measured beside it. */
  private static final String OF_OTHERS = "rewriteWithNettyCodec";

  private static final String SERVER = "server";
  private static final String OUR_SERVER = TlsServer.Kind.LOCKGATE.name();

  /** More names than these take longer to set up than to look up. */
  private static final String NAMES = "names";

  private static final List<String> OUR_NAMES = List.of("10", "10000");

  /** If more than these have grown it is no chance, and measuring again would take too long. */
  private static final int MOST_DOUBTFUL = 10;

  /** Collections are left to one thread. */
  private static final String[] JVM = {"-Xbatch", "-XX:+UseSerialGC", "-Xms512m", "-Xmx512m"};

  private final Path file;
  private final List<String> patterns;

  /**
   * @param patterns which benchmarks, as regular expressions; all of them if there is none
   */
  BaselineCheck(Path file, List<String> patterns) {
    this.file = file;
    this.patterns = patterns;
  }

  /** Whether a benchmark is one of those that are compared. */
  static boolean compares(BenchmarkParams params) {
    List<String> keys = List.copyOf(params.getParamsKeys());
    return !params.getBenchmark().endsWith(OF_OTHERS)
        && (!keys.contains(SERVER) || params.getParam(SERVER).equals(OUR_SERVER))
        && (!keys.contains(NAMES) || OUR_NAMES.contains(params.getParam(NAMES)));
  }

  /** Prints what it finds; answers whether nothing has grown. */
  boolean check() throws IOException, RunnerException {
    Baseline recorded = Baseline.read(file);
    Map<String, Figures> figures = measure(patterns, 1);
    Set<String> doubtful =
        new Comparison(recorded, Baseline.here(figures))
            .regressions().stream()
                .filter(recorded.figures()::containsKey)
                .collect(Collectors.toSet());
    if (!doubtful.isEmpty() && doubtful.size() <= MOST_DOUBTFUL) {
      Map<String, Figures> again =
          measure(doubtful.stream().map(BaselineCheck::pattern).distinct().toList(), 2);
      again.keySet().retainAll(doubtful);
      again.forEach((name, second) -> figures.merge(name, second, Figures::least));
    }
    Comparison comparison = new Comparison(recorded, Baseline.here(figures));
    System.out.println();
    System.out.print(comparison.report());
    return comparison.regressions().isEmpty();
  }

  /** Of one benchmark, with all choices of its parameters. */
  private static String pattern(String name) {
    return "\\b" + name.replaceFirst(" .*", "").replaceFirst("\\.", "Benchmark\\\\.") + "$";
  }

  /** All anew, or those asked for beside what is recorded of the others. */
  void record() throws IOException, RunnerException {
    Baseline now = Baseline.here(measure(patterns, 2));
    (patterns.isEmpty() ? now : Baseline.read(file).with(now)).write(file);
    System.out.println(now.figures().size() + " benchmarks recorded in " + file);
  }

  /**
   * Runs each twice, in a JVM of its own that compiles at once rather than when there is time: so
   * what is measured depends on how often code ran, not on what else the machine did meanwhile.
   * Heap is what the optimizing compiler leaves of it, after as long a warm-up as the benchmark
   * asks for. Time is that of the first compiler's code, which is always the same: how well the
   * other one optimizes is another matter in every run.
   */
  private static Map<String, Figures> measure(List<String> patterns, int thoroughness)
      throws RunnerException {
    Map<String, RunResult> heap =
        run(
            options(patterns)
                .warmupTime(TimeValue.milliseconds(400L * thoroughness))
                .measurementIterations(4 * thoroughness)
                .measurementTime(TimeValue.milliseconds(100))
                .jvmArgsAppend(JVM));
    Map<String, RunResult> time =
        run(
            options(patterns)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(100L * thoroughness))
                .measurementIterations(10 * thoroughness)
                .measurementTime(TimeValue.milliseconds(50))
                .jvmArgsAppend(JVM)
                .jvmArgsPrepend("-XX:TieredStopAtLevel=1"));
    Map<String, Figures> figures = new TreeMap<>();
    heap.forEach((name, result) -> figures.put(name, Figures.of(result, time.get(name))));
    return figures;
  }

  private static ChainedOptionsBuilder options(List<String> patterns) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .exclude(OF_OTHERS)
            .param(SERVER, OUR_SERVER)
            .param(NAMES, OUR_NAMES.toArray(String[]::new))
            .mode(Mode.AverageTime)
            .forks(1)
            .addProfiler(SteadyFigures.class)
            .shouldFailOnError(true);
    patterns.forEach(options::include);
    return options;
  }

  private static Map<String, RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build())
        .run().stream()
            .collect(
                Collectors.toMap(result -> Figures.name(result.getParams()), Function.identity()));
  }
}

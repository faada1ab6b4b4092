package io.lockgate.bench;

import static java.util.stream.Collectors.joining;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * What one operation costs, in figures that another run on a busy machine gives again.
 *
 * @param bytes of heap
 * @param steps processor time in steps of the {@link Calibration}
 */
record Figures(double bytes, double steps) {
  /** What the compiler spares by chance differs by some octets in a hundred. */
  private static final double MORE_BYTES = 1.05;

  /** Less than an object. */
  private static final int FEW_BYTES = 8;

  /**
   * Under other load, native code and what reads much memory differ from the calibration by a half.
   */
  private static final double MORE_STEPS = 1.75;

  private static final int FEW_STEPS = 10;

  /**
   * Of a benchmark that ran with {@link SteadyFigures}.
   *
   * @param heap the run whose heap counts
   * @param time the run whose processor time counts
   */
  static Figures of(RunResult heap, RunResult time) {
    return new Figures(
        score(heap, SteadyFigures.BYTES),
        score(time, SteadyFigures.NANOS) / score(time, SteadyFigures.STEP_NANOS));
  }

  private static double score(RunResult run, String name) {
    return run.getSecondaryResults().get(name).getScore();
  }

  /** Such as {@code RouteMatch.firstRoute routes=10}. */
  static String name(BenchmarkParams params) {
    return shortName(params.getBenchmark())
        + params.getParamsKeys().stream()
            .map(key -> " " + key + "=" + params.getParam(key))
            .collect(joining());
  }

  /** Without the package and the word that every class of benchmarks ends with. */
  static String shortName(String benchmark) {
    return benchmark.replaceFirst(".*\\.(\\w+)Benchmark\\.", "$1.");
  }

  /** The lesser of each, for a benchmark that ran twice. */
  Figures least(Figures other) {
    return new Figures(Math.min(bytes, other.bytes), Math.min(steps, other.steps));
  }

  boolean moreBytesThan(Figures recorded) {
    return bytes > recorded.bytes * MORE_BYTES + FEW_BYTES;
  }

  boolean moreStepsThan(Figures recorded) {
    return steps > recorded.steps * MORE_STEPS + FEW_STEPS;
  }
}

package io.lockgate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class BaselineTest {
  private static final Figures USUAL = new Figures(1000, 500);

  @TempDir Path directory;

  private static Baseline of(String processor, String benchmark, Figures figures) {
    return new Baseline(17, processor, new TreeMap<>(Map.of(benchmark, figures)));
  }

  private static Comparison compare(Figures now) {
    return new Comparison(of("p", "A.a", USUAL), of("p", "A.a", now));
  }

  @Test
  void isReadAsItWasWrittenInTheOrderOfNames() throws IOException {
    Path file = directory.resolve("baseline.json");
    Baseline written =
        new Baseline(
            17,
            "Some CPU @ 2.80GHz",
            new TreeMap<>(Map.of("B.b names=10", USUAL, "A.a", new Figures(0, 12), "C.c", USUAL)));
    written.write(file);
    assertThat(Baseline.read(file)).isEqualTo(written);
    assertThat(Files.readString(file)).containsSubsequence("A.a", "B.b", "C.c");
  }

  @Test
  void refusesALineItDoesNotUnderstand() throws IOException {
    Path file = Files.writeString(directory.resolve("baseline.json"), "\"A.a\": {\"bytes\": many}");
    assertThatIOException().isThrownBy(() -> Baseline.read(file)).withMessageContaining("many");
  }

  @Test
  void takesLittleMoreForChance() {
    assertThat(compare(new Figures(1050, 850)).regressions()).isEmpty();
  }

  @Test
  void tellsOfMoreHeap() {
    Comparison comparison = compare(new Figures(1100, 500));
    assertThat(comparison.regressions()).containsExactly("A.a");
    assertThat(comparison.report()).contains("| A.a | 1,100 | 1,000 | 500 | 500 | **more heap** |");
  }

  @Test
  void tellsOfMoreProcessorTime() {
    Comparison comparison = compare(new Figures(1000, 1000));
    assertThat(comparison.regressions()).containsExactly("A.a");
    assertThat(comparison.report()).contains("**more time**");
  }

  @Test
  void holdsProcessorTimeAgainstTheSameProcessorOnly() {
    Comparison elsewhere =
        new Comparison(of("p", "A.a", USUAL), of("q", "A.a", new Figures(1000, 1000)));
    assertThat(elsewhere.regressions()).isEmpty();
    assertThat(elsewhere.report()).contains("Recorded on Java 17, p; this is Java 17, q");
  }

  @Test
  void tellsOfABenchmarkThatWasNeverRecorded() {
    Comparison comparison = new Comparison(of("p", "A.a", USUAL), of("p", "B.b", USUAL));
    assertThat(comparison.regressions()).containsExactly("B.b");
    assertThat(comparison.report()).contains("**not recorded**");
  }

  @Test
  void measuresHeapAndStepsOfAnOperation() throws Exception {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("RouteMatchBenchmark\\.firstRoute")
                    .param("routes", "10")
                    .forks(0)
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(50))
                    .measurementIterations(2)
                    .measurementTime(TimeValue.milliseconds(50))
                    .addProfiler(SteadyFigures.class)
                    .shouldFailOnError(true)
                    .output(directory.resolve("jmh.txt").toString())
                    .build())
            .run();
    RunResult result = results.iterator().next();
    Figures figures = Figures.of(result, result);
    assertThat(figures.bytes()).as("the Optional that it answers").isBetween(16.0, 64.0);
    assertThat(figures.steps()).isPositive();
  }
}

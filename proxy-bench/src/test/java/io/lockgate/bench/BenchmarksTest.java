package io.lockgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {
  private static final Path BASELINE = Path.of("baseline.json");

  @TempDir Path directory;

  static Stream<String> benchmarks() {
    return BenchmarkList.defaultList()
        .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
        .stream()
        .map(BenchmarkListEntry::getUsername);
  }

  /** A benchmark fails where it does not do what its name says. */
  @ParameterizedTest
  @MethodSource("benchmarks")
  void doesWhatItsNameSaysWithEveryChoiceOfItsParameters(String benchmark) throws Exception {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("^" + benchmark.replace(".", "\\.") + "$")
                    .mode(Mode.SingleShotTime)
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(
                        2) // what is left over from the first time must not spoil the next
                    .shouldFailOnError(true)
                    .output(directory.resolve("jmh.txt").toString())
                    .build())
            .run();
    assertThat(results).isNotEmpty();
    assertThat(ResultTable.of(results).lines()).hasSize(2 + results.size());
    assertThat(Baseline.read(BASELINE).figures().keySet())
        .as("recorded by scripts/bench --record")
        .containsAll(
            results.stream()
                .map(RunResult::getParams)
                .filter(BaselineCheck::compares)
                .map(Figures::name)
                .toList());
  }

  @Test
  void nothingIsRecordedThatIsNoLongerMeasured() throws IOException {
    assertThat(Baseline.read(BASELINE).figures().keySet())
        .extracting(name -> name.replaceFirst(" .*", ""))
        .isSubsetOf(benchmarks().map(Figures::shortName).toList());
  }
}

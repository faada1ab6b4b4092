package io.lockgate.bench;

import java.util.Collection;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs benchmarks as the options of JMH say, short where they say nothing and always with the
 * allocation, then prints one table of all.
 */
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] arguments) throws Exception {
    CommandLineOptions asked = new CommandLineOptions(arguments);
    if (asked.shouldHelp() || asked.shouldList() || asked.shouldListWithParams()) {
      Main.main(arguments);
      return;
    }
    TimeValue second = TimeValue.seconds(1);
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(asked)
                    .forks(asked.getForkCount().orElse(1))
                    .warmupIterations(asked.getWarmupIterations().orElse(2))
                    .warmupTime(asked.getWarmupTime().orElse(second))
                    .measurementIterations(asked.getMeasurementIterations().orElse(3))
                    .measurementTime(asked.getMeasurementTime().orElse(second))
                    .shouldFailOnError(true)
                    .addProfiler(GCProfiler.class)
                    .build())
            .run();
    System.out.println();
    System.out.print(ResultTable.of(results));
  }
}

package io.lockgate.bench;

import java.util.Collection;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks as the options of JMH say, always with the allocation, then prints one table of
 * all.
 */
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] arguments) throws Exception {
    CommandLineOptions asked = new CommandLineOptions(arguments);
    if (asked.shouldHelp() || asked.shouldList() || asked.shouldListWithParams()) {
      Main.main(arguments);
      return;
    }
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(asked)
                    .shouldFailOnError(true)
                    .addProfiler(GCProfiler.class)
                    .build())
            .run();
    System.out.println();
    System.out.print(ResultTable.of(results));
  }
}

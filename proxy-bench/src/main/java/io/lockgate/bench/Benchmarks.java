package io.lockgate.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks as the options of JMH say, always with the allocation, then prints one table of
 * all; or, asked with {@code --check} or {@code --record} and a file, holds them against what is
 * recorded there.
 */
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 1 && arguments[0].matches("--(check|record)")) {
      List<String> patterns = Arrays.asList(arguments).subList(2, arguments.length);
      BaselineCheck check = new BaselineCheck(Path.of(arguments[1]), patterns);
      if (arguments[0].equals("--record")) {
        check.record();
      } else if (!check.check()) {
        System.exit(1);
      }
      return;
    }
    run(arguments);
  }

  private static void run(String[] arguments) throws Exception {
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

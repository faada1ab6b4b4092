package io.lockgate.bench;

import io.lockgate.tls.SniMatch;
import io.lockgate.tls.SniTable;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Finding the host of a server name among many. Names are asked for in random order all over the
 * table, so that a large table does not stay in the processor's caches for free.
 */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class SniLookupBenchmark {
  private static final int ASKED = 1 << 14;

  /** Exact names in the table; there is one wildcard for every ten of them. */
  @Param({"10", "10000", "100000"})
  public int names;

  private SniTable<Integer> table;
  private String[] exact;
  private String[] covered;
  private String[] unknown;
  private int next;

  @Setup
  public void fill() {
    SniTable.Builder<Integer> builder = SniTable.builder();
    for (int i = 0; i < names; i++) {
      builder.add(name(i), i);
      if (i % 10 == 0) {
        builder.add("*.zone-" + i + ".example.com", i);
      }
    }
    table = builder.build();
    exact = ask(SniLookupBenchmark::name);
    covered = ask(i -> "api.zone-" + i / 10 * 10 + ".example.com");
    unknown = ask(i -> "tenant-" + i + ".example.org");
  }

  @Benchmark
  public Optional<SniMatch<Integer>> exactName() {
    return found(exact[turn()]);
  }

  /** The name behind the first label is looked up as a text of its own, which is allocated. */
  @Benchmark
  public Optional<SniMatch<Integer>> nameCoveredByWildcard() {
    return found(covered[turn()]);
  }

  @Benchmark
  public Optional<SniMatch<Integer>> unknownName() {
    Optional<SniMatch<Integer>> match = table.match(unknown[turn()]);
    if (match.isPresent()) {
      throw new IllegalStateException("found what is not there");
    }
    return match;
  }

  private Optional<SniMatch<Integer>> found(String name) {
    Optional<SniMatch<Integer>> match = table.match(name);
    if (match.isEmpty()) {
      throw new IllegalStateException(name);
    }
    return match;
  }

  private int turn() {
    next = (next + 1) & (ASKED - 1);
    return next;
  }

  private String[] ask(IntFunction<String> form) {
    SplittableRandom random = new SplittableRandom(names);
    String[] asked = new String[ASKED];
    for (int i = 0; i < ASKED; i++) {
      asked[i] = form.apply(random.nextInt(names));
    }
    return asked;
  }

  private static String name(int number) {
    return "tenant-" + number + ".example.com";
  }
}

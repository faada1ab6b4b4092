package io.lockgate.bench;

import io.lockgate.accesslog.LogLines;
import io.lockgate.config.model.AccessLogConfig.Format;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The line of one exchange, recorded and put into words; a new second begins every thousand. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class AccessLogBenchmark {
  private static final int MANY = 100;

  @Param({"JSON", "ECS", "COMBINED"})
  public Format format;

  private final LoggedExchange exchange = new LoggedExchange();
  private LogLines lines;
  private long epochMillis = 784_111_777_000L;

  @Setup
  public void prepare() {
    lines = new LogLines(format);
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public int write() {
    for (int i = 0; i < MANY; i++) {
      lines.record(epochMillis++, exchange);
    }
    return lines.write();
  }
}

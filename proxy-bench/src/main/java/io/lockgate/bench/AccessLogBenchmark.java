package io.lockgate.bench;

import io.lockgate.accesslog.LogLine;
import io.lockgate.config.model.AccessLogConfig.Format;
import java.util.concurrent.TimeUnit;
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

/** Formatting the line of one exchange; a new second begins every thousand lines. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class AccessLogBenchmark {
  @Param({"JSON", "ECS", "COMBINED"})
  public Format format;

  private final LoggedExchange exchange = new LoggedExchange();
  private LogLine line;
  private long epochMillis = 784_111_777_000L;

  @Setup
  public void prepare() {
    line = new LogLine(format);
  }

  @Benchmark
  public int write() {
    return line.write(epochMillis++, exchange);
  }
}

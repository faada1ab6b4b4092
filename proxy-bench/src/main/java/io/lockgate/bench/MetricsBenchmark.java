package io.lockgate.bench;

import io.lockgate.metrics.LoopMetrics;
import io.lockgate.metrics.ProxyMetrics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is counted of one request: that it began, that a server answered, that it ended. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class MetricsBenchmark {
  private final LoggedExchange exchange = new LoggedExchange();
  private final LoopMetrics metrics = new ProxyMetrics(1, List.of()).forLoop(0);

  @Benchmark
  public LoopMetrics countRequest() {
    metrics.started();
    metrics.attemptEnded("app", "127.0.0.1:9001", "success", 5_004_000);
    metrics.ended(exchange);
    return metrics;
  }
}

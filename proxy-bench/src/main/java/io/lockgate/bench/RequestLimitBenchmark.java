package io.lockgate.bench;

import io.lockgate.config.model.RequestLimit;
import io.lockgate.limit.LimitTable;
import io.lockgate.limit.RequestLimiter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Taking a place under a limit and giving it back, for a key that is known and for new ones. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RequestLimitBenchmark {
  private static final byte[] TEXT =
      "a-partner-with-a-rather-long-key".getBytes(StandardCharsets.US_ASCII);

  private RequestLimiter limiter;
  private long stranger;

  @Setup
  public void configure() {
    RequestLimit limit =
        new RequestLimit(1_000_000, 1 << 30, 1_000, new RequestLimit.Key.ClientAddress());
    limiter = new LimitTable(System::nanoTime, 1, 2).limiter("a route", limit);
  }

  @Benchmark
  public long knownAddress() {
    return passed(limiter.take(7, 0));
  }

  @Benchmark
  public long knownField() {
    return passed(limiter.take(TEXT, 0, TEXT.length));
  }

  @Benchmark
  public long newAddress() {
    return passed(limiter.take(++stranger, 0));
  }

  private long passed(long place) {
    if (place < 0) {
      throw new IllegalStateException("refused");
    }
    limiter.release(place);
    return place;
  }
}

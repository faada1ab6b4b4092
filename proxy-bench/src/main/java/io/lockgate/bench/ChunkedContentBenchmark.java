package io.lockgate.bench;

import io.lockgate.http.ChunkedScanner;
import io.lockgate.http.ChunkedScanner.Step;
import io.netty.buffer.ByteBuf;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Taking 64 KiB of chunked content apart; the data is passed over, not copied. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ChunkedContentBenchmark {
  private static final int CONTENT_BYTES = 64 * 1024;

  /** 4096 is what servers send, 16 what somebody sends who wants to cost us time. */
  @Param({"16", "4096"})
  public int chunkBytes;

  private final ChunkedScanner scanner = new ChunkedScanner(Heads.LIMITS);
  private ByteBuf content;

  @Setup
  public void write() {
    String chunk = Integer.toHexString(chunkBytes) + "|" + "x".repeat(chunkBytes) + "|";
    content = Heads.octets(chunk.repeat(CONTENT_BYTES / chunkBytes) + "0||");
  }

  @TearDown
  public void release() {
    content.release();
  }

  @Benchmark
  public long scan() {
    scanner.reset();
    content.readerIndex(0);
    Step step = scanner.next(content);
    while (step == Step.DATA) {
      content.skipBytes(scanner.available());
      step = scanner.next(content);
    }
    if (step != Step.COMPLETE || scanner.received() != CONTENT_BYTES) {
      throw new IllegalStateException(step.name());
    }
    return scanner.received();
  }
}

package io.lockgate.bench;

import io.lockgate.http.HeadScanner;
import io.lockgate.http.HeadScanner.Progress;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HopByHop;
import io.lockgate.http.HttpVersion;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.http2.HpackEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** An upstream's response head, from the octets received to the octets for the client. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ResponseHeadBenchmark {
  private final ByteBuf response = Heads.octets(Heads.RESPONSE);
  private final ByteBuf out = Unpooled.directBuffer(4096);
  private final HeadScanner scanner = new HeadScanner(Heads.LIMITS);
  private final ResponseHead head = new ResponseHead();
  private final HpackEncoder block = new HpackEncoder();

  @TearDown
  public void release() {
    response.release();
    out.release();
  }

  /** For a client of HTTP/1.1. */
  @Benchmark
  public ByteBuf scanCheckAndRewriteToHttp1() {
    scanAndCheck();
    HeadWriter.response(out.clear(), head, Method.GET, HttpVersion.HTTP_1_1, false, Heads.DATE);
    return out;
  }

  /** For a client of HTTP/2: the same fields as a header block (RFC 7541). */
  @Benchmark
  public ByteBuf scanCheckAndRewriteToHpack() {
    scanAndCheck();
    block.encode(out.clear(), head, Method.GET, Heads.DATE);
    return out;
  }

  private void scanAndCheck() {
    if (scanner.scanResponse(response.readerIndex(0), head) != Progress.COMPLETE
        || !ResponseCheck.http1(head, Method.GET).accepted()) {
      throw new IllegalStateException("refused");
    }
    HopByHop.strip(head);
  }
}

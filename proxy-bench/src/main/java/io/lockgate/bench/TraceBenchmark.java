package io.lockgate.bench;

import io.lockgate.config.model.TracingConfig;
import io.lockgate.exchange.Trace;
import io.lockgate.exchange.Tracer;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.RequestHead;
import io.lockgate.trace.Tracing;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What tracing costs a request of which no span is kept: whether its trace is recorded is decided,
 * and the server is told of it. Reading the head that carries it is included.
 */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class TraceBenchmark {
  private static final URI NOBODY = URI.create("http://127.0.0.1:9/v1/traces");

  private final HeadScanner scanner = new HeadScanner(Heads.LIMITS);
  private final RequestHead head = new RequestHead();
  private final ByteBuf plain = Heads.octets(Heads.REQUEST);
  private final ByteBuf traced =
      Heads.octets(
          Heads.REQUEST.replace(
              "|Cache-Control",
              "|traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
                  + "|Cache-Control"));
  private final LoggedExchange exchange = new LoggedExchange();
  private final Tracing tracing = new Tracing(Clock.systemUTC(), "bench");
  private Tracer tracer;

  @Setup
  public void configure() {
    tracer =
        tracing.tracer(
            new TracingConfig(Optional.of(NOBODY), 0, true, "lockgate"), new SplittableRandom(1));
  }

  @TearDown
  public void release() {
    tracing.close();
    plain.release();
    traced.release();
  }

  /** A trace begins here. */
  @Benchmark
  public Trace begun() {
    return pass(plain, false);
  }

  /** The client has begun one, and is believed. */
  @Benchmark
  public Trace continued() {
    return pass(traced, true);
  }

  private Trace pass(ByteBuf request, boolean continued) {
    scanner.scanRequest(request.readerIndex(0), head);
    Trace trace = tracer.begin(head.fields());
    tracer.pass(trace, head.fields());
    tracer.ended(trace, exchange);
    if (trace.sampled() || (trace.parent() != 0) != continued) {
      throw new IllegalStateException(trace.toString());
    }
    return trace;
  }
}

package io.lockgate.bench;

import io.lockgate.tls.ClientHelloReader;
import io.lockgate.tls.HelloReading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
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

/** The reading of a whole ClientHello of BoringSSL, new reader included. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ClientHelloBenchmark {
  /** The group for which the client sends a share; the hybrid one makes the message long. */
  @Param({"X25519", "X25519MLKEM768"})
  public String group;

  private ByteBuf hello;

  @Setup
  public void record() throws SSLException {
    try (TlsClient client = TlsClient.of(false, group)) {
      SSLEngine engine = client.open();
      hello = Unpooled.directBuffer().writeBytes(new EnginePair().hello(engine));
      ReferenceCountUtil.release(engine);
    }
  }

  @TearDown
  public void release() {
    hello.release();
  }

  @Benchmark
  public HelloReading read() {
    HelloReading reading = new ClientHelloReader().read(hello);
    if (!(reading instanceof HelloReading.Complete)) {
      throw new IllegalStateException(reading.toString());
    }
    return reading;
  }
}

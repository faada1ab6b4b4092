package io.lockgate.bench;

import io.lockgate.testkit.TestKey;
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

/**
 * One TLS 1.3 connection in memory: new engines, handshake, an octet each way. The time is that of
 * client and server together; {@link ServerShare} tells the server's part.
 */
@Fork(1)
@Warmup(iterations = 10, time = 1) // the JDK's engine is much code to compile
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HandshakeBenchmark {

  /** Key agreement with X25519, the server signs. */
  @Benchmark
  public void full(FullPeers peers, ServerShare share) throws SSLException {
    peers.connection.make(false, share);
  }

  /** The client brings a ticket; key agreement with X25519, nobody signs. */
  @Benchmark
  public void resumed(ResumingPeers peers, ServerShare share) throws SSLException {
    peers.connection.make(true, share);
  }

  /** As browsers do it by now: X25519MLKEM768, ECDSA. The JDK of today has no such group. */
  @Benchmark
  public void fullPostQuantum(PostQuantumPeers peers, ServerShare share) throws SSLException {
    peers.connection.make(false, share);
  }

  /** A client without memory. */
  @State(Scope.Thread)
  public static class FullPeers {
    @Param public TlsServer.Kind server;

    @Param({"EC_P256", "RSA_2048"})
    public TestKey key;

    private Connection connection;

    @Setup
    public void prepare() throws SSLException {
      connection = new Connection(server.serve(TlsServer.identity(key)), false, "X25519");
    }

    @TearDown
    public void release() {
      connection.close();
    }
  }

  /** A client that comes back. */
  @State(Scope.Thread)
  public static class ResumingPeers {
    @Param public TlsServer.Kind server;

    private Connection connection;

    @Setup
    public void prepare() throws SSLException {
      connection =
          new Connection(server.serve(TlsServer.identity(TestKey.EC_P256)), true, "X25519");
      connection.make(false, new ServerShare());
    }

    @TearDown
    public void release() {
      connection.close();
    }
  }

  /** A client without memory and with the hybrid group. */
  @State(Scope.Thread)
  public static class PostQuantumPeers {
    private Connection connection;

    @Setup
    public void prepare() throws SSLException {
      TlsServer server = TlsServer.Kind.LOCKGATE.serve(TlsServer.identity(TestKey.EC_P256));
      connection = new Connection(server, false, "X25519MLKEM768", "X25519");
    }

    @TearDown
    public void release() {
      connection.close();
    }
  }

  /** A client and a server that connect again and again. */
  private static final class Connection {
    private final EnginePair pair = new EnginePair();
    private final TlsServer server;
    private final TlsClient client;

    Connection(TlsServer server, boolean resuming, String... groups) throws SSLException {
      this.server = server;
      this.client = TlsClient.of(resuming, groups);
    }

    void make(boolean resumed, ServerShare share) throws SSLException {
      SSLEngine near = client.open();
      share.begin();
      SSLEngine far = server.open();
      share.end();
      pair.converse(near, far, share);
      if (TlsClient.resumed(near) != resumed) {
        throw new IllegalStateException(resumed ? "no session was resumed" : "not in full");
      }
      ReferenceCountUtil.release(near);
      share.begin();
      ReferenceCountUtil.release(far);
      share.end();
      share.operationEnded();
    }

    void close() {
      client.close();
      server.close();
    }
  }
}

package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gibibyte in either direction passes through in a small, bounded amount of memory. */
class BigBodiesIT {
  private static final long MAY_GROW = 192L << 20;
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    proxy =
        LockgateProcess.in(directory)
            .config(Site.forwardingTo(origin.address()) + "lockgate.runtime.warm-up = off\n")
            .options("-Dio.netty.leakDetection.level=advanced -Xms128m -Xmx128m")
            .start();
    warmUp();
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  /** So that the growth that is measured is that of bodies, not of a JVM that loads classes. */
  private static void warmUp() {
    for (String version : new String[] {"--http1.1", "--http2"}) {
      assertThat(download(version, 8 << 20)).isEqualTo(Bulk.Seen.of(8 << 20));
      assertThat(upload(version, 8 << 20)).isEqualTo(Bulk.Seen.of(8 << 20).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void downloadsAGibibyteUnchangedInBoundedMemory(String version) throws IOException {
    long before = proxy.memory("VmRSS");
    assertThat(download(version, Bulk.GIB)).isEqualTo(Bulk.Seen.of(Bulk.GIB));
    assertThat(proxy.memory("VmHWM")).isLessThan(before + MAY_GROW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void uploadsAGibibyteUnchangedInBoundedMemory(String version) throws IOException {
    long before = proxy.memory("VmRSS");
    assertThat(upload(version, Bulk.GIB)).isEqualTo(Bulk.Seen.of(Bulk.GIB).toString());
    assertThat(proxy.memory("VmHWM")).isLessThan(before + MAY_GROW);
  }

  private static Bulk.Seen download(String version, long length) {
    return site.curl(proxy, version, "https://www.example.com/bytes/" + length)
        .atMost(LONG)
        .runMeasuringOutput();
  }

  private static String upload(String version, long length) {
    return site.curl(proxy, version, "-T", "-", "https://www.example.com/sink")
        .input(out -> Bulk.write(out, length))
        .atMost(LONG)
        .run()
        .expectSuccess()
        .output();
  }

  @Test
  void stopsReadingFromTheOriginWhileTheClientDoesNotRead() throws IOException {
    AtomicLong written = new AtomicLong();
    try (ScriptedOrigin endless =
            ScriptedOrigin.playing(
                peer -> {
                  peer.readRequest();
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + Bulk.GIB + "\r\n\r\n");
                  Bulk.write(counting(peer, written), Bulk.GIB);
                });
        LockgateProcess own = startBeside(endless);
        RawClient client = site.connect(own)) {
      client.send(Site.get("/")).readHead();
      long standstill = awaitStandstill(written);
      assertThat(standstill)
          .as("what the sockets' and the proxy's buffers hold, and no more")
          .isLessThan(64L << 20);
    }
  }

  /** The origin blocks in its write once every buffer on the way is full. */
  private static long awaitStandstill(AtomicLong written) {
    AtomicLong last = new AtomicLong(-1);
    AtomicLong since = new AtomicLong(System.nanoTime());
    Patience.until(
        "the origin's write blocks",
        () -> {
          long now = written.get();
          if (now != last.getAndSet(now)) {
            since.set(System.nanoTime());
          }
          return now > 0 && System.nanoTime() - since.get() > 1_000_000_000L;
        });
    return written.get();
  }

  private static LockgateProcess startBeside(ScriptedOrigin origin) throws IOException {
    Path own = directory.resolve("beside");
    java.nio.file.Files.createDirectories(own);
    for (String file : new String[] {"www.pem", "www.key"}) {
      java.nio.file.Files.copy(directory.resolve(file), own.resolve(file));
    }
    return LockgateProcess.in(own).config(Site.forwardingTo(origin.address())).start();
  }

  private static OutputStream counting(ScriptedOrigin.Peer peer, AtomicLong written) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        peer.write(new byte[] {(byte) b});
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        peer.write(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
        written.addAndGet(length);
      }
    };
  }
}

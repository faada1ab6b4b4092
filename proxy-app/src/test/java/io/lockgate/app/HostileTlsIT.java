package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of clients that mean no good leave nothing behind, and keep no good one away. */
class HostileTlsIT {
  /** Of each kind. */
  private static final int CLIENTS = Integer.getInteger("lockgate.hostile", 1000);

  private static final int THREADS = 4;

  /** Octets of a hello that are less than any whole one. */
  private static final int HALF = 100;

  private static final String CONFIG =
      Site.LISTENERS
          + """
          lockgate {
            tls { handshake-timeout = 3s }
            hosts { "www.example.com" { routes = [ { path = "/", respond { status = 200, body = "www" } } ] } }
          }
          """;

  @TempDir static Path directory;

  /** What such a client sends, in pieces; after the last it waits for the end, or leaves. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Kind(String name, boolean waits, byte[]... pieces) {
    /** Whether a piece is a whole hello, which is answered at once. */
    static boolean greets(byte[] piece) {
      return piece.length > HALF;
    }
  }

  @Test
  void leaveNothingBehind() throws Exception {
    Site site = Site.in(directory);
    try (LockgateProcess proxy = site.start(CONFIG)) {
      List<Kind> kinds = kinds();
      for (Kind kind : kinds) {
        assail(proxy, site, kind, CLIENTS / 10);
      }
      Footprint before = settled(proxy);
      for (Kind kind : kinds) {
        assail(proxy, site, kind, CLIENTS);
      }
      Footprint after = settled(proxy);

      String seen = before + " -> " + after;
      assertThat(after.descriptors).as(seen).isLessThanOrEqualTo(before.descriptors + 8);
      assertThat(after.directBytes).as(seen).isLessThanOrEqualTo(before.directBytes + (16 << 20));
      assertThat(after.residentBytes)
          .as(seen)
          .isLessThanOrEqualTo(before.residentBytes + (96 << 20));
      for (String reason : List.of("not_tls", "malformed", "client_closed", "unknown_host")) {
        assertThat(
                proxy.metric("lockgate_tls_handshake_failures_total", "reason=\"" + reason + "\""))
            .as(reason)
            .isGreaterThanOrEqualTo(CLIENTS);
      }
      assertThat(
              proxy
                  .metricIfPresent("lockgate_tls_handshake_failures_total", "reason=\"other\"")
                  .orElse(0))
          .as("failures that nobody has a word for")
          .isLessThan(proxy.metric("lockgate_tls_handshake_failures_total") / 100);
    }
  }

  private static List<Kind> kinds() throws IOException {
    byte[] www = ClientHelloBytes.of(Site.WWW);
    byte[] closed = {21, 3, 3, 0, 2, 2, 80};
    return List.of(
        new Kind("bytes of no protocol", true, new byte[] {0, 1, 2, 3, 4, 5, 6, 7}),
        new Kind("plain HTTP", true, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
        new Kind("a name of no host", true, ClientHelloBytes.of("nobody.example")),
        new Kind("half a hello", false, Arrays.copyOf(www, HALF)),
        new Kind("a hello and no more", false, www),
        new Kind("a hello and an alert", true, www, closed),
        new Kind("a hello and rubbish", true, www, new byte[] {23, 3, 3, 0, 2, 1, 1}));
  }

  private static void assail(LockgateProcess proxy, Site site, Kind kind, int clients)
      throws Exception {
    int port = proxy.port("https");
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        done.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < clients / THREADS; i++) {
                    visit(port, kind);
                  }
                  return null;
                }));
      }
      try (RawClient good = site.connect(proxy)) {
        assertThat(good.send(Site.get("/")).readResponse().status()).as(kind.name).isEqualTo(200);
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static void visit(int port, Kind kind) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      // Otherwise the ports of this machine would be used up before the test has ended.
      socket.setSoLinger(true, 0);
      try {
        for (byte[] piece : kind.pieces) {
          socket.getOutputStream().write(piece);
          if (Kind.greets(piece) && socket.getInputStream().read() < 0) {
            return;
          }
        }
        if (kind.waits) {
          socket.getInputStream().skip(Long.MAX_VALUE);
        }
      } catch (java.net.SocketException e) {
        // Cut off, which is as good.
      }
    }
  }

  private static Footprint settled(LockgateProcess proxy) {
    Patience.until(
        "all are gone", () -> proxy.metric("lockgate_connections", "listener=\"https\"") == 0);
    return new Footprint(
        proxy.metric("process_open_fds"),
        proxy.metric("lockgate_memory_direct_bytes"),
        proxy.metric("process_resident_memory_bytes"));
  }

  private record Footprint(double descriptors, double directBytes, double residentBytes) {}
}

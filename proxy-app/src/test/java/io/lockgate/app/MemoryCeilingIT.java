package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More slow clients than there is memory for: work is turned away, and nothing breaks. */
class MemoryCeilingIT {
  private static final int CLIENTS = 500;
  private static final String SMALL = "-Xmx96m -XX:MaxDirectMemorySize=40m";
  private static final String MORE =
      """
      lockgate {
        runtime { warm-up = off } # what it touches would count
        http { body-idle-timeout = 10m, idle-timeout = 10m }
        upstreams {
          deaf { servers = ["%s"], max-connections = 2000 }
          app { max-connections = 2000, max-waiting = 5000 }
        }
        hosts."www.example.com".routes = [
          { path = "/deaf", upstream = deaf }
          { path = "/", upstream = app }
        ]
      }
      """;

  @TempDir Path directory;
  private final List<Socket> sockets = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private EchoOrigin origin;
  private ScriptedOrigin deaf;
  private LockgateProcess proxy;

  @BeforeEach
  void start() throws IOException {
    Site site = Site.in(directory);
    origin = EchoOrigin.start();
    deaf = ScriptedOrigin.playing(peer -> peer.await(end));
    proxy =
        LockgateProcess.in(directory)
            .config(Site.forwardingTo(origin.address()) + MORE.formatted(deaf.address()))
            .options(SMALL)
            .start();
    assertThat(site.root()).exists();
  }

  @AfterEach
  void stop() throws IOException {
    end.countDown();
    closeAll();
    proxy.close();
    origin.close();
    deaf.close();
  }

  private void closeAll() throws IOException {
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
    sockets.clear();
  }

  /** A client that takes next to nothing of what it is sent, and sends until nobody takes it. */
  private void open(String request, int content) {
    Socket socket = new Socket();
    sockets.add(socket);
    try {
      socket.setReceiveBufferSize(4096);
      socket.setSendBufferSize(4096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port("http")));
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      if (content > 0) {
        socket.getOutputStream().write(new byte[content]);
      }
    } catch (IOException refused) {
      // As it should be, beyond the ceiling.
    }
  }

  private void awaitShedding() {
    Patience.until(
        "work is turned away",
        () ->
            proxy.metric("lockgate_connections_refused_total", "reason=\"memory\"")
                    + proxy.metric(
                        "lockgate_http_rejected_requests_total", "reason=\"out_of_memory\"")
                > 0);
  }

  private void expectSound() {
    assertThat(proxy.alive()).isTrue();
    // Work is turned away from the moment on in which it is known, which may be before it is told.
    Patience.until("it is told", () -> proxy.errors().contains("memory is short"));
    assertThat(proxy.errors()).doesNotContain("OutOfMemory");
  }

  private void expectService() {
    Patience.until(
        "a good client is served again",
        () -> {
          try (RawClient client = RawClient.connect(proxy.port("http"))) {
            return client.send(Site.get("/")).readResponse().status() == 200;
          } catch (IOException | AssertionError refused) {
            return false;
          }
        });
  }

  @Test
  void clientsThatDoNotReadAreBounded() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      open(Site.get("/bytes/20000000"), 0);
    }
    awaitShedding();
    expectSound();
    closeAll();
    expectService();
    expectSound();
  }

  @Test
  void uploadsThatNobodyTakesAreBounded() throws IOException {
    String head =
        "POST /deaf HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: 100000000\r\n\r\n";
    for (int i = 0; i < CLIENTS; i++) {
      int sent = 64 * 1024;
      open(head, sent);
    }
    closeAll();
    expectService();
    assertThat(proxy.alive()).isTrue();
    assertThat(proxy.errors()).doesNotContain("OutOfMemory");
  }
}

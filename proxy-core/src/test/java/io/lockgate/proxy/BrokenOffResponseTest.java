package io.lockgate.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Content that only the end of the connection ends, as it is for HTTP/1.0 clients: they can tell a
 * whole response from one that the server broke off. On real sockets.
 */
class BrokenOffResponseTest {
  private static final String HOST = "www.example.com";
  private static final String WITHOUT_CLOSE_NOTIFY = "unexpected eof";

  private final CountDownLatch seen = new CountDownLatch(1);
  @TempDir private Path directory;
  private ScriptedOrigin origin;
  private ProxyOnLoopback proxy;

  @BeforeEach
  void start() throws Exception {
    TestCa ca = TestCa.root();
    ca.writeRoot(directory.resolve("ca.pem"));
    ca.issue(HOST).writeTo(directory, "www");
    origin = ScriptedOrigin.playing(this::play);
    proxy =
        ProxyOnLoopback.start(
            directory,
            """
        lockgate {
          listeners {
            http { address = "127.0.0.1:0", tls = off }
            https { address = "127.0.0.1:0" }
          }
          certificates { www { chain = "www.pem", key = "www.key" } }
          upstreams { app { servers = ["%s"], retry.attempts = 0 } }
          hosts { "www.example.com" { routes = [ { path = "/", upstream = app } ] } }
          access-log { format = off }
          runtime { event-loops = 1 }
        }
        """
                .formatted(origin.address()));
  }

  @AfterEach
  void stop() throws IOException {
    seen.countDown();
    proxy.close();
    origin.close();
  }

  private void play(ScriptedOrigin.Peer peer) throws IOException {
    String target = peer.readHead().target();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
    peer.await(seen);
    if (target.equals("/whole")) {
      peer.write("4\r\nmore\r\n0\r\n\r\n");
    }
    peer.close();
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.0\r\nHost: " + HOST + "\r\n\r\n";
  }

  @Nested
  class InClear {
    /** Asks, and takes what comes up to the first half of the content. */
    private Socket ask(String target) throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port("http"));
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(get(target).getBytes(ISO_8859_1));
      StringBuilder come = new StringBuilder();
      while (!come.toString().endsWith("half")) {
        int octet = socket.getInputStream().read();
        assertThat(octet).as("what follows %s", come).isNotNegative();
        come.append((char) octet);
      }
      seen.countDown();
      return socket;
    }

    @Test
    void isResetWhereTheServerBreaksOff() throws IOException {
      try (Socket client = ask("/broken")) {
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
    }

    @Test
    void endsInOrderWhereItIsWhole() throws IOException {
      try (Socket client = ask("/whole")) {
        assertThat(client.getInputStream().readAllBytes()).asString(ISO_8859_1).isEqualTo("more");
      }
    }
  }

  @Nested
  class OverTls {
    private Command.Result ask(String target) {
      seen.countDown();
      String ca = directory.resolve("ca.pem").toString();
      return Command.of("openssl", "s_client", "-connect", "127.0.0.1:" + proxy.port("https"))
          .with("-servername", HOST, "-CAfile", ca, "-verify_return_error", "-quiet")
          .input(out -> out.write(get(target).getBytes(ISO_8859_1)))
          .run();
    }

    @Test
    void endsWithoutCloseNotifyWhereTheServerBreaksOff() {
      Command.Result result = ask("/broken");
      assertThat(result.output()).startsWith("HTTP/1.1 200 ").endsWith("half");
      assertThat(result.errors()).contains(WITHOUT_CLOSE_NOTIFY);
    }

    @Test
    void endsWithCloseNotifyWhereItIsWhole() {
      Command.Result result = ask("/whole");
      assertThat(result.output()).endsWith("halfmore");
      assertThat(result.errors()).doesNotContain(WITHOUT_CLOSE_NOTIFY);
    }
  }
}

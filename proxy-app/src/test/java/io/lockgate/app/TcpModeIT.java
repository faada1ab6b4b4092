package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.ByteOrigin;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.MosquittoBroker;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts whose TLS ends here and whose bytes go on to servers, whatever they mean. */
class TcpModeIT {
  private static final TestCa INSIDE = TestCa.root();

  /** What OpenSSL says of a connection that was cut off. */
  private static final String WITHOUT_CLOSE_NOTIFY = "unexpected eof";

  /** How connections to {@link #listens} ended. */
  private static final BlockingQueue<String> ENDS = new LinkedBlockingQueue<>();

  @TempDir static Path directory;
  private static Site site;
  private static MosquittoBroker broker;
  private static NginxOrigin nginx;
  private static ByteOrigin echo;
  private static ByteOrigin listens;
  private static ByteOrigin speaks;
  private static ByteOrigin resets;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    site.ca().issue("*.tcp.example", "mqtt.example").writeTo(directory, "tcp");
    INSIDE.writeRoot(directory.resolve("clients.pem"));
    Path certificates = Files.createDirectories(directory.resolve("nginx"));
    INSIDE.writeRoot(directory.resolve("inside.pem"));
    INSIDE.issue("app.internal").writeTo(certificates, "good");
    nginx =
        NginxOrigin.startWithTlsServers(
            certificates, "ssl_certificate good.pem; ssl_certificate_key good.key;");
    broker = MosquittoBroker.start(directory.resolve("mosquitto"));
    echo = ByteOrigin.echoing();
    listens =
        ByteOrigin.start(
            peer -> {
              try {
                ENDS.add(Bulk.read(peer.getInputStream()).toString());
              } catch (IOException e) {
                ENDS.add("reset");
              }
            });
    speaks =
        ByteOrigin.start(
            peer -> {
              peer.getInputStream().read();
              Bulk.write(peer.getOutputStream(), 5_000_000);
            });
    resets =
        ByteOrigin.start(
            peer -> {
              peer.getInputStream().read();
              peer.getOutputStream().write("half".getBytes(ISO_8859_1));
              peer.setSoLinger(true, 0);
            });
    proxy = site.start(config());
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    broker.close();
    nginx.close();
    for (ByteOrigin origin : List.of(echo, listens, speaks, resets)) {
      origin.close();
    }
  }

  private static String config() {
    return Site.LISTENERS
        + """
        lockgate {
          certificates { tcp { chain = "tcp.pem", key = "tcp.key" } }
          upstreams {
            broker { servers = ["%s"] }
            echo { servers = ["%s"] }
            listens { servers = ["%s"] }
            speaks { servers = ["%s"] }
            resets { servers = ["%s"] }
            inside { servers = ["127.0.0.1:%d"], tls { server-name = app.internal, trust = "inside.pem" } }
            untrusted { servers = ["127.0.0.1:%d"], tls { server-name = app.internal, trust = "root.pem" } }
          }
          hosts {
            "mqtt.example" { mode = tcp, upstream = broker, alpn = [mqtt] }
            "echo.tcp.example" { mode = tcp, upstream = echo }
            "known.tcp.example" { mode = tcp, upstream = echo, client-auth { trust = "clients.pem" } }
            "listens.tcp.example" { mode = tcp, upstream = listens }
            "speaks.tcp.example" { mode = tcp, upstream = speaks }
            "resets.tcp.example" { mode = tcp, upstream = resets }
            "inside.tcp.example" { mode = tcp, upstream = inside }
            "untrusted.tcp.example" { mode = tcp, upstream = untrusted }
          }
        }
        """
            .formatted(
                broker.address(),
                echo.address(),
                listens.address(),
                speaks.address(),
                resets.address(),
                nginx.tlsPort(0),
                nginx.tlsPort(0));
  }

  private static RawClient connect(String name) throws IOException {
    return site.client(name).connect(proxy.port("https"));
  }

  private static void awaitEnd(String host, String result) {
    Patience.until(
        host + " has ended as " + result,
        () ->
            proxy
                    .metricIfPresent(
                        "lockgate_relays_total",
                        "host=\"" + host + "\"",
                        "mode=\"tcp\"",
                        "result=\"" + result + "\"")
                    .orElse(0)
                >= 1);
  }

  @Test
  void mqttReachesItsBroker() throws IOException {
    try (RawClient client =
        site.client("mqtt.example").withApplicationProtocols("mqtt").connect(proxy.port("https"))) {
      assertThat(client.applicationProtocol()).isEqualTo("mqtt");
      client.send(new byte[] {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'c'});
      assertThat(client.readExactly(4)).as("CONNACK").containsExactly(0x20, 2, 0, 0);
      client.send(new byte[] {(byte) 0xc0, 0});
      assertThat(client.readExactly(2)).as("PINGRESP").containsExactly(0xd0, 0);
      client.send(new byte[] {(byte) 0xe0, 0});
      client.expectClosed();
    }
    awaitEnd("mqtt.example", "closed");
  }

  @Test
  void whatIsSentComesBackUnchanged() throws Exception {
    try (RawClient client = connect("echo.tcp.example")) {
      byte[] sent = new byte[3_000_000];
      for (int i = 0; i < sent.length; i++) {
        sent[i] = (byte) (i * 31);
      }
      Thread sender = new Thread(() -> client.sendWhileOpen(sent));
      sender.start();
      assertThat(client.readExactly(sent.length)).isEqualTo(sent);
      sender.join();
    }
    awaitEnd("echo.tcp.example", "closed");
  }

  private static Command.Result listenTo(String name) {
    return site.sClient(proxy, "-servername", name, "-quiet", "-ign_eof")
        .input(out -> out.write('?'))
        .run();
  }

  @Test
  void endOfTheServerIsACloseNotify() {
    Command.Result result = listenTo("speaks.tcp.example");
    assertThat(result.output()).hasSizeGreaterThan(1_000_000);
    assertThat(result.errors()).doesNotContain(WITHOUT_CLOSE_NOTIFY);
    awaitEnd("speaks.tcp.example", "closed");
  }

  @Test
  void serverThatBreaksOffIsToldAsThat() {
    assertThat(listenTo("resets.tcp.example").errors()).contains(WITHOUT_CLOSE_NOTIFY);
    awaitEnd("resets.tcp.example", "server_broke_off");
  }

  @Nested
  class WhenTheClientEnds {
    @Test
    void closeNotifyIsTheEndForTheServerEvenIfItIsReachedLater() throws Exception {
      try (RawClient client = connect("listens.tcp.example")) {
        client.send("all of it");
      }
      assertThat(ENDS.poll(20, TimeUnit.SECONDS)).startsWith("length=9 ");
    }

    @Test
    void breakingOffIsToldAsThat() throws Exception {
      Command.Running client =
          site.sClient(proxy, "-servername", "listens.tcp.example", "-quiet", "-ign_eof")
              .input(out -> out.write('?'))
              .start();
      Patience.until("the server listens", () -> listens.open() > 0);
      client.signal("KILL");
      client.result();
      assertThat(ENDS.poll(20, TimeUnit.SECONDS)).isEqualTo("reset");
      awaitEnd("listens.tcp.example", "client_broke_off");
    }
  }

  @Test
  void clientsAreAskedForCertificates() throws IOException {
    try (RawClient client =
        site.client("known.tcp.example")
            .presenting(INSIDE.leaf("me").commonName("me").forClient().issue())
            .connect(proxy.port("https"))) {
      assertThat(client.send("hello").readExactly(5)).isEqualTo("hello".getBytes(ISO_8859_1));
    }
    assertThatThrownBy(() -> connect("known.tcp.example").send("hello").readExactly(5))
        .isInstanceOfAny(IOException.class, AssertionError.class);
  }

  @Test
  void bytesAreEncryptedAnewForServersWithTls() throws IOException {
    try (RawClient client = connect("inside.tcp.example")) {
      client.send("GET /small HTTP/1.1\r\nHost: app.internal\r\nConnection: close\r\n\r\n");
      assertThat(client.readResponse().text()).isEqualTo("ok");
      client.expectClosed();
    }
    awaitEnd("inside.tcp.example", "closed");
  }

  @Test
  void serverThatCannotBeTrustedGetsNothing() throws IOException {
    try (RawClient client = connect("untrusted.tcp.example")) {
      client.expectClosed();
    }
    awaitEnd("untrusted.tcp.example", "tls_verify_failed");
  }
}

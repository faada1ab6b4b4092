package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load balancer in front says who the client is. */
class ProxyProtocolIT {
  private static final String MORE =
      """
      lockgate {
        listeners {
          edge { address = "127.0.0.1:{{edge}}", proxy-protocol { accept = on, trusted = ["127.0.0.1"] } }
          plain { address = "127.0.0.1:{{plain}}", tls = off, proxy-protocol { accept = on, trusted = ["127.0.0.1"] } }
          closed { address = "127.0.0.1:{{closed}}", tls = off, proxy-protocol { accept = on, trusted = ["192.0.2.1"] } }
        }
        http { header-timeout = 1500ms, forwarded { trusted = ["198.51.100.0/24"], forwarded = on } }
        limits { max-connections-per-client = 2 }
        access-log { format = json, path = "access.log" }
      }
      """;
  private static final String HEADER = "PROXY TCP4 203.0.113.7 203.0.113.99 5555 443\r\n";

  /** From 2001:db8::1, port 5555, to 2001:db8::2, port 443; with ALPN h2. */
  private static final byte[] BINARY =
      HexFormat.of()
          .parseHex(
              "0d0a0d0a000d0a515549540a"
                  + "21210029"
                  + "20010db8000000000000000000000001"
                  + "20010db8000000000000000000000002"
                  + "15b301bb"
                  + "0100026832");

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    String config = Site.forwardingTo(origin.address());
    proxy = site.start(config.replace("access-log { format = off }", "") + MORE);
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static double refused(String listener, String reason) {
    return proxy.metric(
        "lockgate_connections_refused_total",
        "listener=\"" + listener + "\"",
        "reason=\"" + reason + "\"");
  }

  private static void awaitRefusal(String listener, String reason, double before) {
    Patience.until(
        reason + " is counted for " + listener, () -> refused(listener, reason) > before);
  }

  private static HttpMessage seen(String path) {
    return origin.requests().stream()
        .filter(request -> request.target().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the origin never saw " + path));
  }

  @Test
  void curlAnnouncesItselfOverTls() throws IOException {
    Command.of(
            "curl",
            "-sS",
            "--haproxy-protocol",
            "--cacert",
            site.root().toString(),
            "--connect-to",
            "::127.0.0.1:" + proxy.port("edge"),
            "https://www.example.com/by-curl")
        .run()
        .expectSuccess();
    assertThat(seen("/by-curl").field("X-Forwarded-For")).hasValue("127.0.0.1");
  }

  @Test
  void addressOfTheHeaderIsTheClientEverywhere() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("plain"))) {
      client.send(HEADER + Site.get("/who"));
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
    assertThat(seen("/who").field("X-Forwarded-For")).hasValue("203.0.113.7");
    assertThat(seen("/who").field("X-Forwarded-Port")).hasValue("443");
    assertThat(seen("/who").field("Forwarded").orElseThrow()).startsWith("for=203.0.113.7;");
    Map<String, Object> line =
        Json.object(
            Patience.until(
                "the request stands in the log",
                () ->
                    Files.readAllLines(directory.resolve("access.log")).stream()
                        .filter(text -> text.contains("\"/who\""))
                        .findFirst()
                        .orElse(""),
                text -> !text.isEmpty()));
    assertThat(line).containsEntry("client", "203.0.113.7");
  }

  @Test
  void trustInForwardedFieldsIsTrustInTheAddressOfTheHeader() throws IOException {
    String fields = "X-Forwarded-For: 6.6.6.6\r\n\r\n";
    String trusted = "PROXY TCP4 198.51.100.7 203.0.113.99 5555 443\r\n";
    for (String header : new String[] {HEADER, trusted}) {
      try (RawClient client = RawClient.connect(proxy.port("plain"))) {
        String path = header.equals(trusted) ? "/trusted" : "/untrusted";
        client.send(header + Site.get(path).replaceFirst("\r\n\r\n$", "\r\n") + fields);
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
    }
    assertThat(seen("/untrusted").field("X-Forwarded-For")).hasValue("203.0.113.7");
    assertThat(seen("/trusted").field("X-Forwarded-For")).hasValue("6.6.6.6, 198.51.100.7");
  }

  @Test
  void bytesBehindTheHeaderAreTheClientsHoweverTheyAreCut() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("plain"))) {
      for (byte octet : BINARY) {
        client.send(new byte[] {octet});
      }
      client.send(Site.get("/in-pieces"));
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
    assertThat(seen("/in-pieces").field("X-Forwarded-For")).hasValue("2001:db8:0:0:0:0:0:1");
  }

  @Test
  void senderThatSpeaksForItselfIsTheClient() throws IOException {
    byte[] local = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000");
    try (RawClient client = RawClient.connect(proxy.port("plain"))) {
      client.send(local).send(Site.get("/local"));
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
    assertThat(seen("/local").field("X-Forwarded-For")).hasValue("127.0.0.1");
  }

  @Test
  void connectionsOfOneClientAreCountedByItsAddress() throws IOException {
    double before = refused("plain", "max_connections_per_client");
    String header = "PROXY TCP4 203.0.113.8 203.0.113.99 5555 443\r\n";
    try (RawClient first = RawClient.connect(proxy.port("plain"));
        RawClient second = RawClient.connect(proxy.port("plain"));
        RawClient third = RawClient.connect(proxy.port("plain"));
        RawClient other = RawClient.connect(proxy.port("plain"))) {
      assertThat(first.send(header + Site.get("/1")).readResponse().status()).isEqualTo(200);
      assertThat(second.send(header + Site.get("/2")).readResponse().status()).isEqualTo(200);
      third.sendWhileOpen((header + Site.get("/3")).getBytes(ISO_8859_1)).expectClosed();
      String another = header.replace("113.8", "113.9");
      assertThat(other.send(another + Site.get("/4")).readResponse().status()).isEqualTo(200);
    }
    awaitRefusal("plain", "max_connections_per_client", before);
  }

  @Test
  void connectionsWithoutAHeaderAreRefused() throws IOException {
    double before = refused("plain", "proxy_protocol_missing");
    try (RawClient client = RawClient.connect(proxy.port("plain"))) {
      client.sendWhileOpen(Site.get("/none").getBytes(ISO_8859_1)).expectClosed();
    }
    awaitRefusal("plain", "proxy_protocol_missing", before);
    assertThat(proxy.errors()).contains("proxy_protocol_missing");
  }

  @Test
  void brokenHeadersAreRefused() throws IOException {
    double before = refused("plain", "proxy_protocol_malformed");
    try (RawClient client = RawClient.connect(proxy.port("plain"))) {
      client.sendWhileOpen("PROXY TCP4 a b c d\r\n".getBytes(ISO_8859_1)).expectClosed();
    }
    awaitRefusal("plain", "proxy_protocol_malformed", before);
  }

  @Test
  void headersThatDoNotComeInTimeAreNotWaitedFor() throws IOException {
    double before = refused("plain", "proxy_protocol_timeout");
    try (RawClient client = RawClient.connect(proxy.port("plain"))) {
      client.send("PROXY TCP4 ").expectClosed();
    }
    awaitRefusal("plain", "proxy_protocol_timeout", before);
  }

  @Test
  void sendersThatAreNotTrustedAreRefused() throws IOException {
    double before = refused("closed", "proxy_protocol_untrusted");
    try (RawClient client = RawClient.connect(proxy.port("closed"))) {
      client.sendWhileOpen((HEADER + Site.get("/")).getBytes(ISO_8859_1)).expectClosed();
    } catch (SocketException reset) {
      // The refusal may come before the client has noticed that it is connected.
    }
    awaitRefusal("closed", "proxy_protocol_untrusted", before);
  }
}

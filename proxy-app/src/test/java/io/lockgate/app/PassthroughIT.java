package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.ByteOrigin;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts whose TLS ends at the server: found by their names, and nothing of them is looked at. */
class PassthroughIT {
  private static final long MUCH = 64L << 20;
  private static final TestCa INSIDE = TestCa.root();

  @TempDir static Path directory;
  private static final CountDownLatch ALL_SEND = new CountDownLatch(4);
  private static final CountDownLatch HALF_HEARD = new CountDownLatch(1);
  private static final CountDownLatch END = new CountDownLatch(1);
  private static Site site;
  private static NginxOrigin nginx;
  private static EchoOrigin http;
  private static ByteOrigin echo;
  private static ByteOrigin flood;
  private static ByteOrigin answersAtTheEnd;
  private static ByteOrigin endsFirst;
  private static ByteOrigin resets;
  private static ByteOrigin resetsHalfClosed;
  private static ByteOrigin keeps;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    Path certificates = Files.createDirectories(directory.resolve("nginx"));
    INSIDE.issue("inside.example").writeTo(certificates, "inside");
    INSIDE.writeRoot(directory.resolve("inside-ca.pem"));
    nginx =
        NginxOrigin.startWithTlsServers(
            certificates, "ssl_certificate inside.pem; ssl_certificate_key inside.key;");
    try (OutputStream file = Files.newOutputStream(nginx.root().resolve("big"))) {
      Bulk.write(file, MUCH);
    }
    http = EchoOrigin.start();
    echo = ByteOrigin.echoing();
    flood =
        ByteOrigin.start(
            peer -> {
              peer.getInputStream().readNBytes(ClientHelloBytes.of("flood.example").length);
              ALL_SEND.countDown();
              Bulk.write(peer.getOutputStream(), MUCH);
            });
    answersAtTheEnd =
        ByteOrigin.start(
            peer -> {
              byte[] all = peer.getInputStream().readAllBytes();
              peer.getOutputStream().write(("got " + all.length).getBytes(ISO_8859_1));
              Bulk.write(peer.getOutputStream(), 5_000_000);
            });
    endsFirst =
        ByteOrigin.start(
            peer -> {
              peer.getOutputStream().write('!');
              peer.shutdownOutput();
              peer.getInputStream().transferTo(OutputStream.nullOutputStream());
            });
    resets =
        ByteOrigin.start(
            peer -> {
              peer.getInputStream().read();
              peer.setSoLinger(true, 0);
            });
    resetsHalfClosed =
        ByteOrigin.start(
            peer -> {
              peer.getInputStream().read();
              peer.getOutputStream().write('!');
              peer.shutdownOutput();
              await(HALF_HEARD);
              peer.setSoLinger(true, 0);
            });
    keeps =
        ByteOrigin.start(
            peer -> {
              peer.getInputStream().read();
              peer.getOutputStream().write('!');
              await(END);
            });
    proxy =
        LockgateProcess.in(directory)
            .config(config())
            // Four floods that nobody reads do not fit.
            .options(
                "-Dio.netty.leakDetection.level=paranoid -Xmx384m -Dio.netty.maxDirectMemory=67108864")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    END.countDown();
    HALF_HEARD.countDown();
    proxy.close();
    nginx.close();
    http.close();
    for (ByteOrigin origin :
        List.of(echo, flood, answersAtTheEnd, endsFirst, resets, resetsHalfClosed, keeps)) {
      origin.close();
    }
  }

  private static String config() {
    return Site.forwardingTo(http.address()).replace("access-log { format = off }", "")
        + """
        lockgate {
          access-log { path = "access.log" }
          runtime { warm-up = off }
          upstreams {
            nginx { servers = ["127.0.0.1:%d"] }
            echo { servers = ["127.0.0.1:{{nobody}}", "%s"] }
            flood { servers = ["%s"] }
            at-the-end { servers = ["%s"] }
            ends-first { servers = ["%s"] }
            resets { servers = ["%s"] }
            resets-half-closed { servers = ["%s"] }
            keeps { servers = ["%s"] }
            down { servers = ["127.0.0.1:{{nobody}}"] }
          }
          hosts {
            "inside.example" { mode = passthrough, upstream = nginx }
            "*.echo.example" { mode = passthrough, upstream = echo, aliases = ["echo.example"] }
            "flood.example" { mode = passthrough, upstream = flood }
            "end.example" { mode = passthrough, upstream = at-the-end }
            "first.example" { mode = passthrough, upstream = ends-first }
            "resets.example" { mode = passthrough, upstream = resets }
            "half.example" { mode = passthrough, upstream = resets-half-closed }
            "keeps.example" { mode = passthrough, upstream = keeps }
            "down.example" { mode = passthrough, upstream = down }
            "idle.example" { mode = passthrough, upstream = echo, idle-timeout = 300ms }
            "picky.example" { mode = passthrough, upstream = echo, alpn = [mqtt] }
          }
        }
        """
            .formatted(
                nginx.tlsPort(0),
                echo.address(),
                flood.address(),
                answersAtTheEnd.address(),
                endsFirst.address(),
                resets.address(),
                resetsHalfClosed.address(),
                keeps.address());
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port("https"));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Patience.USUAL.toMillis());
    return socket;
  }

  private static Socket greet(String name) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(ClientHelloBytes.of(name));
    return socket;
  }

  private static double ended(String host, String result) {
    return proxy
        .metricIfPresent(
            "lockgate_relays_total", "host=\"" + host + "\"", "result=\"" + result + "\"")
        .orElse(0);
  }

  private static void awaitEnd(String host, String result) {
    Patience.until(host + " has ended as " + result, () -> ended(host, result) >= 1);
  }

  @Test
  void clientSeesTheServersCertificateAndAllThatItSends() {
    assertThat(
            Command.of(
                    "curl",
                    "-sS",
                    "--cacert",
                    directory.resolve("inside-ca.pem").toString(),
                    "--connect-to",
                    "::127.0.0.1:" + proxy.port("https"),
                    "https://inside.example/big")
                .runMeasuringOutput())
        .isEqualTo(Bulk.Seen.of(MUCH));
    awaitEnd("inside.example", "closed");
    Patience.until(
        "what was sent is counted",
        () ->
            proxy.metric(
                "lockgate_passthrough_bytes_total", "host=\"inside.example\"", "direction=\"out\""),
        bytes -> bytes >= MUCH);
  }

  @Test
  void hostsThatSpeakHttpAreServedBesideThem() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      assertThat(client.send(Site.get("/")).readResponse().status()).isEqualTo(200);
      client.send("GET / HTTP/1.1\r\nHost: inside.example\r\n\r\n");
      assertThat(client.readResponse().status()).as("of a host that needs its own").isEqualTo(421);
    }
  }

  @Test
  void helloMayComeByteByByteAndInAnyNumberOfRecords() throws IOException {
    byte[] hello = recordsOf(ClientHelloBytes.of("a.echo.example"), 7);
    byte[] sent = concat(hello, "and more".getBytes(ISO_8859_1));
    try (Socket client = connect()) {
      for (byte octet : sent) {
        client.getOutputStream().write(octet);
      }
      assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
    }
  }

  /** The same message cut into records of so many octets. */
  private static byte[] recordsOf(byte[] record, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer message = ByteBuffer.wrap(record, 5, record.length - 5);
    while (message.hasRemaining()) {
      byte[] piece = new byte[Math.min(size, message.remaining())];
      message.get(piece);
      out.writeBytes(new byte[] {22, 3, 1, 0, (byte) piece.length});
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  @Test
  void serverHearsTheEndOfTheClientAndStillAnswers() throws IOException {
    try (Socket client = greet("end.example")) {
      int hello = ClientHelloBytes.of("end.example").length;
      Bulk.write(client.getOutputStream(), 3_000_000);
      client.shutdownOutput();
      String answer = "got " + (hello + 3_000_000);
      assertThat(new String(client.getInputStream().readNBytes(answer.length()), ISO_8859_1))
          .isEqualTo(answer);
      assertThat(Bulk.read(client.getInputStream())).isEqualTo(Bulk.Seen.of(5_000_000));
    }
    awaitEnd("end.example", "closed");
  }

  @Test
  void clientMayEndItsHalfTogetherWithItsHello() throws IOException {
    byte[] hello = ClientHelloBytes.of("end.example");
    // In one segment: the end of the stream is there when the hello is read.
    try (Socket client = connect()) {
      client.setTcpNoDelay(false);
      client.getOutputStream().write(hello);
      client.shutdownOutput();
      String answer = "got " + hello.length;
      assertThat(new String(client.getInputStream().readNBytes(answer.length()), ISO_8859_1))
          .isEqualTo(answer);
    }
  }

  @Test
  void clientHearsTheEndOfTheServerAndMayGoOn() throws IOException {
    try (Socket client = greet("first.example")) {
      assertThat(client.getInputStream().readAllBytes()).containsExactly('!');
      Bulk.write(client.getOutputStream(), 3_000_000);
      client.shutdownOutput();
      awaitEnd("first.example", "closed");
    }
    assertThat(
            proxy.metric(
                "lockgate_passthrough_bytes_total", "host=\"first.example\"", "direction=\"in\""))
        .isGreaterThan(3_000_000);
  }

  @Test
  void serverSendsNoFasterThanTheClientReads() throws Exception {
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(greet("flood.example"));
    }
    ALL_SEND.await();
    for (Socket client : clients) {
      assertThat(Bulk.read(client.getInputStream())).isEqualTo(Bulk.Seen.of(MUCH));
      client.close();
    }
    assertThat(proxy.errors()).doesNotContain("OutOfDirectMemory");
  }

  @Test
  void resetOfTheServerEndsTheConnection() throws IOException {
    try (Socket client = greet("resets.example")) {
      assertThat(client.getInputStream().readAllBytes()).isEmpty();
    }
    awaitEnd("resets.example", "server_broke_off");
  }

  /** A transport must not let such a reset keep a loop busy (CVE-2026-42577). */
  @Test
  void resetOfAServerThatHadEndedItsHalfEndsTheConnection() throws IOException {
    try (Socket client = greet("half.example")) {
      assertThat(client.getInputStream().readAllBytes()).containsExactly('!');
      HALF_HEARD.countDown();
      awaitEnd("half.example", "server_broke_off");
    }
  }

  @Test
  void resetOfAClientThatHadEndedItsHalfEndsTheConnection() throws IOException {
    Socket client = greet("keeps.example");
    assertThat(client.getInputStream().read()).isEqualTo('!');
    client.shutdownOutput();
    client.setSoLinger(true, 0);
    client.close();
    awaitEnd("keeps.example", "client_broke_off");
  }

  @Test
  void clientIsToldWhereNoServerCanBeReached() throws IOException {
    try (Socket client = greet("down.example")) {
      assertThat(client.getInputStream().readAllBytes())
          .as("internal_error")
          .containsExactly(21, 3, 3, 0, 2, 2, 80);
    }
    awaitEnd("down.example", "connect_failed");
    Map<String, Object> line = logged("down.example");
    assertThat(line)
        .containsEntry("protocol", "passthrough")
        .containsEntry("upstream", "down")
        .containsEntry("sni", "down.example")
        .containsEntry("error", "connect_failed");
  }

  private static Map<String, Object> logged(String host) {
    return Json.object(
        Patience.until(
            host + " stands in the log",
            () ->
                Files.readAllLines(directory.resolve("access.log")).stream()
                    .filter(line -> line.contains("\"host\":\"" + host + "\""))
                    .findFirst()
                    .orElse(""),
            line -> !line.isEmpty()));
  }

  @Test
  void connectionOverWhichNothingPassesIsClosed() throws IOException {
    try (Socket client = greet("idle.example")) {
      int hello = ClientHelloBytes.of("idle.example").length;
      assertThat(client.getInputStream().readAllBytes()).hasSize(hello);
    }
    awaitEnd("idle.example", "idle_timeout");
  }

  @Test
  void protocolThatIsNotPassedOnIsRefused() throws IOException {
    try (Socket client = greet("picky.example")) {
      assertThat(client.getInputStream().readAllBytes())
          .as("no_application_protocol")
          .containsExactly(21, 3, 3, 0, 2, 2, 120);
    }
  }

  @Test
  void nameThatNobodyHasIsRefused() throws IOException {
    try (Socket client = greet("nobody.example")) {
      assertThat(client.getInputStream().readAllBytes())
          .as("unrecognized_name")
          .containsExactly(21, 3, 3, 0, 2, 2, 112);
    }
  }
}

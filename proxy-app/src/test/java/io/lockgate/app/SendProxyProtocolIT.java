package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.ByteOrigin;
import io.lockgate.testkit.HaproxyOrigin;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TlsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers are told who the client is, before anything else, in every mode and by both versions. */
class SendProxyProtocolIT {
  private static final TestCa INSIDE = TestCa.root();
  private static final int ALPN = 0x01;
  private static final int AUTHORITY = 0x02;
  private static final int SSL = 0x20;

  @TempDir static Path directory;
  private static final BlockingQueue<Map<Integer, byte[]>> HEADERS = new LinkedBlockingQueue<>();
  private static Site site;
  private static HaproxyOrigin haproxy;
  private static ByteOrigin listens;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    site.ca().issue("*.http.example", "*.tcp.example").writeTo(directory, "more");
    INSIDE.writeRoot(directory.resolve("inside.pem"));
    TestIdentity inside = INSIDE.issue("v1.pass.example", "v2.pass.example", "app.internal");
    haproxy = HaproxyOrigin.start(directory.resolve("haproxy"), inside);
    listens = ByteOrigin.start(SendProxyProtocolIT::takeHeader);
    proxy = site.start(config());
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    listens.close();
    haproxy.close();
  }

  private static String config() {
    StringBuilder upstreams = new StringBuilder();
    StringBuilder hosts = new StringBuilder();
    for (String version : new String[] {"v1", "v2"}) {
      upstreams.append(
          """
          clear-%1$s { servers = ["%2$s"], send-proxy-protocol = %1$s, health { path = "/", interval = 100ms } }
          secured-%1$s { servers = ["%3$s"], send-proxy-protocol = %1$s
            tls { server-name = app.internal, trust = "inside.pem" } }
          bytes-%1$s { servers = ["%3$s"], send-proxy-protocol = %1$s
            tls { server-name = app.internal, trust = "inside.pem" } }
          pass-%1$s { servers = ["%3$s"], send-proxy-protocol = %1$s }
          """
              .formatted(version, haproxy.address(), haproxy.tlsAddress()));
      for (String kind : new String[] {"clear", "secured"}) {
        hosts.append(
            """
            "%1$s-%3$s.http.example" { routes = [ { path = "/", upstream = %1$s-%3$s } ] }
            "%1$s-%3$s.tcp.example" { mode = tcp, upstream = %2$s-%3$s }
            """
                .formatted(kind, kind.equals("clear") ? "clear" : "bytes", version));
      }
      hosts.append(
          "\"%1$s.pass.example\" { mode = passthrough, upstream = pass-%1$s }%n"
              .formatted(version));
    }
    return Site.LISTENERS
        + "lockgate {\n certificates { more { chain = \"more.pem\", key = \"more.key\" } }\n"
        + "upstreams {\n"
        + upstreams
        + "listens { servers = [\"%s\"], send-proxy-protocol = v2 } }%n"
            .formatted(listens.address())
        + "hosts {\n"
        + hosts
        + """
        "told.http.example" {
          client-auth { mode = optional, trust = "inside.pem" }
          routes = [ { path = "/", upstream = listens } ]
        }
        "told.tcp.example" { mode = tcp, upstream = listens, alpn = [mqtt] }
        "told.pass.example" { mode = passthrough, upstream = listens }
        } }
        """;
  }

  /** Reads a header of version 2 as its specification draws it, and leaves. */
  private static void takeHeader(Socket peer) throws IOException {
    ByteBuffer start = ByteBuffer.wrap(peer.getInputStream().readNBytes(16));
    ByteBuffer rest =
        ByteBuffer.wrap(peer.getInputStream().readNBytes(Short.toUnsignedInt(start.getShort(14))));
    rest.position(12); // two addresses of IPv4, two ports
    Map<Integer, byte[]> values = new TreeMap<>();
    while (rest.remaining() >= 3) {
      int type = rest.get() & 0xff;
      byte[] value = new byte[Short.toUnsignedInt(rest.getShort())];
      rest.get(value);
      values.put(type, value);
    }
    HEADERS.add(values);
  }

  /** The first one that names a host; a request may have been sent twice. */
  private static Map<Integer, byte[]> headerFor(String host) throws InterruptedException {
    Map<Integer, byte[]> header;
    do {
      header = HEADERS.poll(Patience.USUAL.toSeconds(), TimeUnit.SECONDS);
      assertThat(header).as("a header for " + host).isNotNull();
    } while (!text(header.get(AUTHORITY)).equals(host));
    return header;
  }

  private static String text(byte[] value) {
    return new String(value, ISO_8859_1);
  }

  private static TlsClient client(String host) {
    return host.contains(".pass.")
        ? TlsClient.trusting(INSIDE.certificate()).withServerName(host)
        : site.client(host);
  }

  @ParameterizedTest
  @CsvSource({
    "clear-v1.http.example, false",
    "clear-v2.http.example, true",
    "secured-v1.http.example, false",
    "secured-v2.http.example, true",
    "clear-v1.tcp.example, false",
    "clear-v2.tcp.example, true",
    "secured-v1.tcp.example, false",
    "secured-v2.tcp.example, true",
    "v1.pass.example, false",
    "v2.pass.example, true",
  })
  void aServerThatTakesNothingElseIsToldOfEveryClient(String host, boolean named)
      throws IOException {
    for (int i = 0; i < 2; i++) {
      try (RawClient client = client(host).connect(proxy.port("https"))) {
        client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(client.readResponse().text())
            .isEqualTo(
                "127.0.0.1:%d to 127.0.0.1:%d for <%s>",
                client.localPort(), proxy.port("https"), named ? host : "");
      }
    }
  }

  @Test
  void healthChecksIntroduceThemselvesAsTheProxysOwn() {
    Patience.until(
        "both are checked and well",
        () ->
            proxy.metric("lockgate_upstream_healthy", "upstream=\"clear-v1\"") == 1
                && proxy.metric("lockgate_upstream_healthy", "upstream=\"clear-v2\"") == 1
                && proxy.metric("lockgate_upstream_health_checks_total", "result=\"good\"") > 2);
    assertThat(proxy.metric("lockgate_upstream_health_checks_total", "result=\"bad\"")).isZero();
  }

  @Test
  void overHttpAServerLearnsTheTermsOfTheClientsTls() throws Exception {
    TestIdentity card = INSIDE.leaf("card").commonName("the client").forClient().issue();
    try (RawClient client =
        client("told.http.example").presenting(card).connect(proxy.port("https"))) {
      client.send("GET / HTTP/1.1\r\nHost: told.http.example\r\n\r\n");
      Map<Integer, byte[]> header = headerFor("told.http.example");
      assertThat(text(header.get(ALPN))).isEqualTo("http/1.1");
      assertThat(header.get(SSL)[0]).as("by TLS, with a certificate").isEqualTo((byte) 7);
      assertThat(ByteBuffer.wrap(header.get(SSL)).getInt(1)).as("verified").isZero();
      assertThat(text(header.get(SSL)))
          .contains(client.tlsSession().getProtocol(), client.tlsSession().getCipherSuite())
          .contains("the client");
    }
  }

  @Test
  void overTcpAServerLearnsTheTermsOfTheClientsTls() throws Exception {
    try (RawClient client =
        client("told.tcp.example").withApplicationProtocols("mqtt").connect(proxy.port("https"))) {
      client.send("x");
      Map<Integer, byte[]> header = headerFor("told.tcp.example");
      assertThat(text(header.get(ALPN))).isEqualTo("mqtt");
      assertThat(header.get(SSL)[0]).as("by TLS, without a certificate").isEqualTo((byte) 1);
      assertThat(text(header.get(SSL))).contains(client.tlsSession().getCipherSuite());
    }
  }

  @Test
  void throughPassthroughAServerLearnsWhatTheHelloSays() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port("https"))) {
      client.getOutputStream().write(ClientHelloBytes.of("told.pass.example"));
      Map<Integer, byte[]> header = headerFor("told.pass.example");
      assertThat(header).as("its TLS does not end here").doesNotContainKey(SSL);
    }
  }
}

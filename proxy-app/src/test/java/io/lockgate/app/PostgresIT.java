package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.PostgresServer;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PostgreSQL behind the proxy, as {@code psql} and other clients of it see it. */
class PostgresIT {
  private static final byte[] SSL_REQUEST = hex("00000008 04d2162f");
  private static final byte[] GSSENC_REQUEST = hex("00000008 04d21630");
  private static final byte[] CANCEL_REQUEST = hex("00000010 04d2162e 00000001 00000002");
  private static final String MUCH = "select repeat('x', 3000000)";
  private static final TestCa INSIDE = TestCa.root();

  @TempDir static Path directory;
  private static Site site;
  private static PostgresServer server;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    site.ca().issue("db.example", "inside.db.example").writeTo(directory, "db");
    INSIDE.writeRoot(directory.resolve("inside.pem"));
    server = PostgresServer.start(INSIDE.issue("passed.db.example"));
    proxy = site.start(config());
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    server.close();
  }

  private static String config() {
    return Site.forwardingTo(server.address())
        + """
        lockgate {
          certificates { db { chain = "db.pem", key = "db.key" } }
          upstreams {
            encrypted {
              servers = ["%s"]
              tls { server-name = passed.db.example, trust = "inside.pem" }
            }
          }
          hosts {
            "db.example" { mode = tcp, upstream = app, starttls = postgres }
            "inside.db.example" { mode = tcp, upstream = encrypted, starttls = postgres }
            "passed.db.example" { mode = passthrough, upstream = app, starttls = postgres }
          }
        }
        """
            .formatted(server.address());
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static Command psql(String host, String root, String ssl, String statement) {
    String connection =
        "host=%s hostaddr=127.0.0.1 port=%d user=postgres dbname=postgres sslrootcert=%s sslmode=%s"
            .formatted(host, proxy.port("https"), directory.resolve(root), ssl);
    return Command.of("psql", "-XAtw", "-c", statement, connection);
  }

  private static String answer(String host, String root, String statement) {
    return psql(host, root, "verify-full", statement).run().expectSuccess().output().strip();
  }

  private static void awaitEnd(String host, String mode) {
    Patience.until(
        host + " has ended",
        () ->
            proxy
                    .metricIfPresent(
                        "lockgate_relays_total",
                        "host=\"" + host + "\"",
                        "mode=\"" + mode + "\"",
                        "result=\"closed\"")
                    .orElse(0)
                >= 1);
  }

  /** Whether the server's side of the asking session is encrypted. */
  private static final String ENCRYPTED =
      "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

  @Test
  void queriesAreAnsweredOverTlsThatEndsHere() {
    assertThat(answer("db.example", "root.pem", "select 6 * 7")).isEqualTo("42");
    assertThat(answer("db.example", "root.pem", MUCH)).hasSize(3_000_000);
    assertThat(answer("db.example", "root.pem", ENCRYPTED)).isEqualTo("f");
    awaitEnd("db.example", "tcp");
  }

  @Test
  void serverIsAskedForTlsWhereItsUpstreamHasIt() {
    assertThat(answer("inside.db.example", "root.pem", ENCRYPTED)).isEqualTo("t");
    assertThat(answer("inside.db.example", "root.pem", MUCH)).hasSize(3_000_000);
  }

  @Test
  void serversOwnTlsIsPassedThrough() {
    assertThat(answer("passed.db.example", "inside.pem", ENCRYPTED)).isEqualTo("t");
    assertThat(answer("passed.db.example", "inside.pem", MUCH)).hasSize(3_000_000);
    awaitEnd("passed.db.example", "passthrough");
  }

  @Test
  void clientThatWantsNoTlsIsToldWhyItIsRefused() {
    Command.Result result = psql("db.example", "root.pem", "disable", "select 1").run();
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.errors())
        .contains("FATAL")
        .contains("this server is reached by TLS only; set sslmode=require");
  }

  @Test
  void hostsThatSpeakHttpAreServedBesideIt() throws IOException {
    try (RawClient client = site.client(Site.WWW).connect(proxy.port("https"))) {
      client.send("GET / HTTP/1.1\r\nHost: nobody.example\r\n\r\n");
      assertThat(client.readResponse().status()).isEqualTo(421);
    }
  }

  /** As a client of PostgreSQL 17 does with {@code sslnegotiation=direct}. */
  @Test
  void clientMayBeginWithTlsAtOnce() throws IOException {
    try (RawClient client =
        site.client("db.example")
            .withApplicationProtocols("postgresql")
            .connect(proxy.port("https"))) {
      assertThat(client.applicationProtocol()).isEqualTo("postgresql");
      byte[] parameters = "user\0postgres\0database\0postgres\0\0".getBytes(ISO_8859_1);
      client.send(hex("000000%02x 00030000".formatted(8 + parameters.length)));
      client.send(parameters);
      assertThat(client.readExactly(9))
          .as("AuthenticationOk")
          .isEqualTo(hex("52 00000008 00000000"));
      client.send(hex("58 00000004"));
      client.readUntilClosed();
    }
  }

  @Nested
  class InClear {
    private RawClient connect() throws IOException {
      return RawClient.connect(proxy.port("https"));
    }

    @Test
    void encryptionByGssapiIsDeclinedAndTlsMayFollow() throws IOException {
      try (RawClient client = connect()) {
        assertThat(client.send(GSSENC_REQUEST).readExactly(1)).containsExactly('N');
        assertThat(client.send(SSL_REQUEST).readExactly(1)).containsExactly('S');
        client.send(ClientHelloBytes.of("db.example"));
        assertThat(client.readExactly(1)).as("a handshake or an alert").containsAnyOf(21, 22);
      }
    }

    @Test
    void requestMayComeByteByByte() throws IOException {
      try (RawClient client = connect()) {
        for (byte octet : SSL_REQUEST) {
          client.send(new byte[] {octet});
        }
        assertThat(client.readExactly(1)).containsExactly('S');
      }
    }

    /** What stands before TLS is nobody's word (CVE-2021-23214). */
    @Test
    void octetsBehindTheRequestEndTheConnection() throws IOException {
      try (RawClient client = connect()) {
        client.send(hex("00000008 04d2162f 51 00000004"));
        assertThat(client.readUntilClosed()).startsWith("E").contains("C08P01");
      }
    }

    @Test
    void startupMessageIsAnsweredByAnError() throws IOException {
      try (RawClient client = connect()) {
        client.send(hex("00000009 00030000 00"));
        assertThat(client.readUntilClosed()).startsWith("E").contains("SFATAL\0", "C28000\0");
      }
    }

    @Test
    void requestToCancelIsClosed() throws IOException {
      try (RawClient client = connect()) {
        client.sendWhileOpen(CANCEL_REQUEST).expectClosed();
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000008 04d21630", "00000008 04d2162f"})
    void requestIsNotAnsweredTwice(String request) throws IOException {
      try (RawClient client = connect()) {
        client.send(hex(request)).readExactly(1);
        client.sendWhileOpen(hex(request));
        assertThat(client.readUntilClosed()).doesNotStartWith("N").doesNotStartWith("S");
      }
    }
  }
}

package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TlsSide;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lockgate probe} against a daemon. */
class ProbeIT {
  private static final String CONFIG =
      Site.LISTENERS
          + """
          lockgate {
            tls-policies {
              old { base = intermediate, max-version = "1.2" }
              plain { base = modern, alpn = ["http/1.1"] }
            }
            certificates { local { chain = "local.pem", key = "local.key" } }
            hosts {
              "localhost" { routes = [ { path = "/", respond { status = 200 } } ] }
              "www.example.com" { routes = [
                { path = "/broken", respond { status = 503, body = "no" } }
                { path = "/", respond { status = 200, body = "yes" } }
              ] }
              "api.example.com" { tls-policy = old, routes = [ { path = "/", respond { status = 204 } } ] }
              "a.apps.example.com" { tls-policy = plain, routes = [ { path = "/", respond { status = 200 } } ] }
            }
          }
          """;

  @TempDir static Path directory;
  private static Site site;
  private static LockgateProcess proxy;
  private final Recorded process = new Recorded();

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    site.ca().issue("localhost").writeTo(directory, "local");
    proxy = site.start(CONFIG);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private int probe(String hostAndPath, String... options) {
    String[] parts = hostAndPath.split("/", 2);
    List<String> line = new ArrayList<>(List.of("probe"));
    line.add("https://" + parts[0] + ":" + proxy.port("https") + "/" + parts[1]);
    line.addAll(List.of("--resolve", "127.0.0.1"));
    line.addAll(List.of(options));
    return process.lockgate(line.toArray(String[]::new));
  }

  private int trusting(String hostAndPath, String... options) {
    List<String> all = new ArrayList<>(List.of("--ca", site.root().toString()));
    all.addAll(List.of(options));
    return probe(hostAndPath, all.toArray(String[]::new));
  }

  @Test
  void tellsWhatAClientWouldSee() {
    assertThat(trusting("www.example.com/x?y")).isEqualTo(0);
    assertThat(process.out())
        .containsPattern("(?m)^address +127\\.0\\.0\\.1 port " + proxy.port("https") + "$")
        .containsPattern("(?m)^tls +TLSv1\\.3 TLS_[A-Z0-9_]+$")
        .containsPattern("(?m)^alpn +h2$")
        .containsPattern("(?m)^resumed +yes$")
        .containsPattern("(?m)^staple +no$")
        .containsPattern("(?m)^certificate +CN=.*, until .* \\([0-9]+ days\\)$")
        .containsPattern("(?m)^status +200$")
        .containsPattern("(?m)^handshake +[0-9.]+ ms$")
        .doesNotContain("failed");
  }

  @Test
  void tellsTheSameAsOneDocument() {
    assertThat(trusting("www.example.com/", "--json")).isEqualTo(0);
    assertThat(process.out())
        .hasLineCount(1)
        .contains("\"good\":true", "\"tls_version\":\"TLSv1.3\"", "\"alpn\":\"h2\"")
        .contains("\"resumed\":true", "\"status\":200", "\"failures\":[]");
  }

  @Test
  void seesAPolicyThatEndsAtTls12() {
    assertThat(trusting("api.example.com/")).isEqualTo(0);
    assertThat(process.out())
        .containsPattern("(?m)^tls +TLSv1\\.2 TLS_ECDHE_")
        .containsPattern("(?m)^resumed +yes$")
        .containsPattern("(?m)^status +204$");
  }

  @Test
  void seesAServerWithoutHttp2() {
    assertThat(trusting("a.apps.example.com/")).isEqualTo(0);
    assertThat(process.out())
        .containsPattern("(?m)^alpn +http/1\\.1$")
        .containsPattern("(?m)^status +200$");
  }

  @Test
  void asksForANameWithoutADot() {
    assertThat(trusting("localhost/")).isEqualTo(0);
    assertThat(process.out()).containsPattern("(?m)^status +200$");
  }

  @Test
  void holdsNothingAgainstAServerThatSpeaksHttp2Only() throws IOException {
    byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    TlsSide tls = TlsSide.of(site.ca().issue("localhost")).alpn("h2");
    try (ScriptedOrigin origin =
        ScriptedOrigin.playing(tls, peer -> peer.write(settings).readUntilClosed())) {
      String url = "https://localhost:" + origin.port() + "/";
      String root = site.root().toString();
      assertThat(process.lockgate("probe", url, "--resolve", "127.0.0.1", "--ca", root)).isZero();
    }
    assertThat(process.out())
        .containsPattern("(?m)^alpn +h2$")
        .containsPattern("(?m)^status +not asked for: the server speaks HTTP/2 only$")
        .doesNotContain("failed");
  }

  @Test
  void failsWhereTheCertificateIsNotTrustedButTellsTheRest() {
    assertThat(probe("www.example.com/")).isEqualTo(1);
    assertThat(process.out())
        .containsPattern("(?m)^status +200$")
        .containsPattern("(?m)^failed +certificate: no trusted authority has issued");
  }

  @Test
  void failsWhereTheHandshakeDoes() {
    assertThat(trusting("nobody.example.com/", "--json")).isEqualTo(1);
    assertThat(process.out())
        .contains("\"good\":false", "\"failures\":[{\"step\":\"handshake\",\"reason\":\"");
  }

  @Test
  void failsWhereTheServerDoes() {
    assertThat(trusting("www.example.com/broken")).isEqualTo(1);
    assertThat(process.out())
        .containsPattern("(?m)^failed +request: the server answers with status 503$");
  }

  @Test
  void failsWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThat(process.lockgate("probe", "https://127.0.0.1:" + port + "/")).isEqualTo(1);
    assertThat(process.out()).containsPattern("(?m)^failed +connect: ");
  }

  @Test
  void givesUpOnAServerThatSaysNothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "https://127.0.0.1:" + silent.getLocalPort();
      assertThat(process.lockgate("probe", url, "--timeout", "1")).isEqualTo(1);
    }
    assertThat(process.out()).containsPattern("(?m)^failed +handshake: no answer within 1 s$");
  }
}

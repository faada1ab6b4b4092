package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real clients that fail, and what {@code /handshakes} says of each of them. */
class FailedHandshakesIT {
  private static final String HOSTS =
      """
      lockgate {
        tls { handshake-timeout = 2s }
        tls-policies { partners { base = intermediate, min-version = "1.3" } }
        hosts {
          "www.example.com" { routes = [ { path = "/", respond { status = 200 } } ] }
          "api.example.com" {
            tls-policy = partners
            client-auth { trust = "root.pem" }
            routes = [ { path = "/", respond { status = 200 } } ]
          }
        }
      }
      """;

  @TempDir static Path directory;
  private static Site site;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    proxy = site.start(Site.LISTENERS + HOSTS);
    s(Site.WWW, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
    s(Site.WWW, "-tls1_2", "-cipher", "AES128-SHA");
    s(Site.WWW, "-groups", "X448");
    s(Site.WWW, "-alpn", "smtp");
    s("unknown.example", "-tls1_3");
    s(Site.API, "-tls1_2");
    s(Site.API, "-tls1_3", "-ign_eof");
    foreignAuthority();
    try (RawClient plain = RawClient.connect(proxy.port("https"));
        RawClient silent = RawClient.connect(proxy.port("https"));
        RawClient scanner = RawClient.connect(proxy.port("https"));
        RawClient broken = RawClient.connect(proxy.port("https"))) {
      plain.send(Site.get("/")).readUntilClosed();
      broken.send(new byte[] {22, 3, 1, 0, 5, 1, 0, 0, 1, 9}).readUntilClosed();
      scanner.send(new byte[] {22, 3}).close();
      silent.readUntilClosed();
    }
  }

  private static void s(String host, String... options) {
    String[] line = new String[options.length + 2];
    line[0] = "-servername";
    line[1] = host;
    System.arraycopy(options, 0, line, 2, options.length);
    assertThat(site.sClient(proxy, line).run().output()).doesNotContain("HTTP/1.1");
  }

  private static void foreignAuthority() {
    TestCa.root("Foreign CA", TestKey.EC_P256).writeRoot(directory.resolve("foreign.pem"));
    Command.Result refused =
        Command.of(
                "curl",
                "-sS",
                "--cacert",
                directory.resolve("foreign.pem").toString(),
                "--connect-to",
                "::127.0.0.1:" + proxy.port("https"),
                "https://www.example.com/")
            .run();
    assertThat(refused.exit()).isEqualTo(60);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static String the(String host, String reason) {
    String path = "/handshakes?host=" + host + "&reason=" + reason;
    return Patience.until(
        path + " has one",
        () -> proxy.admin(path),
        document -> document.contains("\"reason\":\"" + reason + "\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          www.example.com | protocol_version | client offers TLS 1.1 only; policy intermediate needs 1.2 | "alert_sent":"protocol_version"
          www.example.com | protocol_version | "versions":["1.1"] | "key":"tls.policy"
          www.example.com | cipher_mismatch | "ciphers":["TLS_RSA_WITH_AES_128_CBC_SHA" | policy intermediate has none of the client's cipher suites
          www.example.com | no_shared_group | "groups":["X448"] | "key_shares":["X448"]
          www.example.com | no_application_protocol | "alpn":["smtp"] | "key":"listeners.https.protocols"
          www.example.com | client_rejected_certificate | "key":"certificates" | "ja4":"t13d
          api.example.com | protocol_version | client offers TLS 1.2 only; policy partners needs 1.3 | "key":"tls-policies.partners.min-version"
          api.example.com | client_certificate_missing | "key":"hosts.\\"api.example.com\\".client-auth.mode" | "policy":"partners"
          other | unknown_host | "sni":"unknown.example" | "key":"tls.unknown-host"
          other | not_tls | "offer":null | "client_address":"127.0.0.1"
          other | malformed | "offer":null | "alert_sent":"decode_error"
          other | timeout | "key":"tls.handshake-timeout" | "alert_sent":""
          other | client_closed | "count":1 | "listener":"https"
          """)
  void saysWhyAndWhatToChange(String host, String reason, String part, String another) {
    assertThat(the(host, reason)).contains(part, another);
  }

  /** So that nobody has to look for it. */
  @Test
  void tellsTheLineOfTheKey() throws IOException {
    List<String> lines = java.nio.file.Files.readAllLines(proxy.configFile());
    int line = 1;
    while (!lines.get(line - 1).contains("partners { base")) {
      line++;
    }
    assertThat(the(Site.API, "protocol_version"))
        .contains(proxy.configFile().getFileName() + ":" + line + "\"");
  }

  @Test
  void filtersByHostReasonAndAddress() {
    the(Site.WWW, "protocol_version");
    assertThat(proxy.admin("/handshakes?host=www.example.com"))
        .contains("protocol_version")
        .doesNotContain("\"host\":\"other\"");
    assertThat(proxy.admin("/handshakes?address=192.0.2.1")).contains("\"handshakes\":[]");
    assertThat(Json.parse(proxy.admin("/handshakes?address=127.0.0.1"))).isNotNull();
  }

  @Test
  void standsInTheLog() {
    Patience.until(
        "the log tells of it",
        () ->
            proxy
                .errors()
                .contains("a handshake of 127.0.0.1 with www.example.com failed: cipher_mismatch"));
  }

  @Test
  void nothingIsLeftUnexplained() {
    the("other", "timeout");
    assertThat(
            proxy
                .metricIfPresent("lockgate_tls_handshake_failures_total", "reason=\"other\"")
                .orElse(0))
        .isZero();
  }
}

package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a handshake settles beside the certificate: protocol, version, session. */
class HandshakeIT {
  private static final String HOSTS =
      """
      lockgate {
        listeners { only-h1 { address = "127.0.0.1:{{only-h1}}", protocols = ["http/1.1"] } }
        tls { handshake-timeout = 2s }
        hosts {
          "www.example.com" { routes = [ { path = "/", respond { status = 200, body = "www" } } ] }
          "api.example.com" {
            tls-policy = modern
            routes = [ { path = "/", respond { status = 200, body = "api" } } ]
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
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'h2,http/1.1', ALPN protocol: h2",
    "'http/1.1,h2', ALPN protocol: h2",
    "http/1.1, ALPN protocol: http/1.1",
  })
  void preferenceOfTheServerDecidesAmongWhatTheClientOffers(String offered, String agreed) {
    Command.Result handshake = site.sClient(proxy, "-servername", Site.WWW, "-alpn", offered).run();
    assertThat(handshake.expectSuccess().output()).contains(agreed);
  }

  @Test
  void speaksHttp11ToAClientWithoutAlpn() {
    Command.Result handshake =
        site.sClient(proxy, "-servername", Site.WWW, "-quiet", "-ign_eof")
            .input(request("Connection: close\r\n"))
            .run();
    assertThat(handshake.output()).startsWith("HTTP/1.1 200").endsWith("www");
  }

  @Test
  void listenerMayOfferHttp11Only() {
    Command.Result handshake =
        Command.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + proxy.port("only-h1"),
                "-servername",
                Site.WWW,
                "-alpn",
                "h2,http/1.1")
            .run();
    assertThat(handshake.output()).contains("ALPN protocol: http/1.1");
  }

  @Test
  void refusesAClientThatOffersNothingWeSpeak() {
    Command.Result handshake = site.sClient(proxy, "-servername", Site.WWW, "-alpn", "smtp").run();
    assertThat(handshake.exit()).isNotZero();
    assertThat(handshake.errors()).containsIgnoringCase("no application protocol");
  }

  @Test
  void policyOfTheHostHoldsTheVersion() {
    assertThat(site.sClient(proxy, "-servername", Site.API, "-tls1_2").run().errors())
        .contains("alert protocol version");
    site.sClient(proxy, "-servername", Site.API, "-tls1_3").run().expectSuccess();
    site.sClient(proxy, "-servername", Site.WWW, "-tls1_2").run().expectSuccess();
  }

  @Test
  void refusesATls12ClientWithoutASuiteOfThePolicy() {
    Command.Result handshake =
        site.sClient(proxy, "-servername", Site.WWW, "-tls1_2", "-cipher", "AES128-SHA").run();
    assertThat(handshake.errors()).contains("alert handshake failure");
    assertThat(proxy.metric("lockgate_tls_handshake_failures_total", "reason=\"cipher_mismatch\""))
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource({"-tls1_2, -no_ticket, cache", "-tls1_2, , ticket", "-tls1_3, , ticket"})
  void sessionIsResumed(String version, String option, String kind) throws IOException {
    double before = proxy.metric("lockgate_tls_handshakes_total", "resumed=\"" + kind + "\"");
    Path session = directory.resolve("session" + version + kind);
    handshake(version, option, "-sess_out", session);
    Command.Result second = handshake(version, option, "-sess_in", session);
    assertThat(second.output()).contains("Reused, TLSv1." + version.charAt(version.length() - 1));
    assertThat(proxy.metric("lockgate_tls_handshakes_total", "resumed=\"" + kind + "\""))
        .isEqualTo(before + 1);
  }

  /** With a request, because a TLS 1.3 server sends its tickets with the first answer. */
  private static Command.Result handshake(
      String version, String option, String sessionOption, Path session) {
    String[] line =
        option == null
            ? new String[] {"-servername", Site.WWW, version, sessionOption, session.toString()}
            : new String[] {
              "-servername", Site.WWW, version, option, sessionOption, session.toString()
            };
    String[] all = java.util.Arrays.copyOf(line, line.length + 1);
    all[line.length] = "-ign_eof";
    return site.sClient(proxy, all).input(request("Connection: close\r\n")).run();
  }

  @Test
  void sessionOfOnePolicyIsNotResumedUnderAnother() throws IOException {
    Path session = directory.resolve("session-across");
    handshake("-tls1_3", null, "-sess_out", session);
    Command.Result elsewhere =
        site.sClient(proxy, "-servername", Site.API, "-tls1_3", "-sess_in", session.toString())
            .run();
    assertThat(elsewhere.output()).doesNotContain("Reused, TLS").contains("New, TLSv1.3");
  }

  @Test
  void plainTextOnTheTlsPortIsClosedAndCounted() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("https"))) {
      client.send(Site.get("/")).readUntilClosed();
    }
    assertThat(proxy.metric("lockgate_tls_handshake_failures_total", "reason=\"not_tls\""))
        .isPositive();
  }

  @Test
  void silentClientIsClosedAtTheHandshakeTimeout() throws IOException {
    try (RawClient silent = RawClient.connect(proxy.port("https"));
        RawClient stalled = RawClient.connect(proxy.port("https"))) {
      stalled.send(new byte[] {22, 3, 1, 1, 0, 1, 0, 0, (byte) 252, 3, 3});
      silent.readUntilClosed();
      stalled.readUntilClosed();
    }
    assertThat(proxy.metric("lockgate_tls_handshake_failures_total", "reason=\"timeout\""))
        .isPositive();
  }

  private static Command.Feed request(String more) {
    String request = "GET / HTTP/1.1\r\nHost: " + Site.WWW + "\r\n" + more + "\r\n";
    return out -> {
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    };
  }
}

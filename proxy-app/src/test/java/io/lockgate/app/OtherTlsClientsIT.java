package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients whose TLS is neither OpenSSL's nor BoringSSL's, and a scanner of what is offered. */
class OtherTlsClientsIT {
  private static final String HOSTS =
      """
      lockgate {
        hosts {
          "www.example.com" { routes = [ { path = "/", respond { status = 200, body = "www" } } ] }
          "api.example.com" {
            tls-policy = modern
            routes = [ { path = "/", respond { status = 200, body = "api" } } ]
          }
        }
      }
      """;
  private static final String REQUEST =
      "GET / HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n";

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
    "NORMAL:-VERS-ALL:+VERS-TLS1.3, TLS1.3",
    "NORMAL:-VERS-ALL:+VERS-TLS1.2, TLS1.2",
    "NORMAL:-GROUP-ALL:+GROUP-SECP384R1, TLS1.3",
  })
  void gnuTlsVerifiesTheCertificateAndIsAnswered(String priority, String version) {
    Command.Result answer = gnuTls(priority).run().expectSuccess();
    assertThat(answer.all()).contains('(' + version).contains("HTTP/1.1 200");
  }

  @Test
  void gnuTlsIsRefusedWithAnAlertWhereItsVersionsAreTooOld() {
    Command.Result refused = gnuTls("NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT").run();
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.all()).contains("Received alert [70]");
  }

  @Test
  void gnuTlsResumesItsSession() {
    Command.Result answer = gnuTls("NORMAL:-VERS-ALL:+VERS-TLS1.2", "--resume").run();
    assertThat(answer.expectSuccess().all()).contains("This is a resumed session");
  }

  @Test
  void aScannerFindsNothingButForwardSecrecyAndAuthenticatedEncryption() {
    String report = scan(Site.WWW);
    assertThat(report)
        .contains("TLSv1.2   enabled", "TLSv1.3   enabled")
        .contains("SSLv2     disabled", "SSLv3     disabled")
        .contains("TLSv1.0   disabled", "TLSv1.1   disabled")
        .contains("Session renegotiation not supported");
    assertThat(ciphers(report)).isNotEmpty().allMatch(name -> !name.matches(".*(CBC|RC4|SHA)$"));
  }

  @Test
  void aScannerFindsOneVersionWhereThePolicyIsModern() {
    String report = scan(Site.API);
    assertThat(report).contains("TLSv1.2   disabled", "TLSv1.3   enabled");
    assertThat(ciphers(report)).hasSize(3).allMatch(name -> name.startsWith("TLS_"));
  }

  private static Command gnuTls(String priority, String... more) {
    List<String> line = new ArrayList<>(List.of("--x509cafile", site.root().toString()));
    line.addAll(List.of("--sni-hostname", Site.WWW, "--verify-hostname", Site.WWW));
    line.addAll(List.of("--priority", priority));
    line.addAll(List.of("--port", String.valueOf(proxy.port("https"))));
    line.addAll(List.of(more));
    line.add("127.0.0.1");
    return Command.of("gnutls-cli", line.toArray(String[]::new))
        .input(out -> out.write(REQUEST.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String scan(String host) {
    return Command.of(
            "sslscan", "--no-colour", "--sni-name=" + host, "127.0.0.1:" + proxy.port("https"))
        .run()
        .expectSuccess()
        .output();
  }

  private static List<String> ciphers(String report) {
    return Pattern.compile("^(?:Preferred|Accepted) +\\S+ +\\d+ bits +(\\S+)", Pattern.MULTILINE)
        .matcher(report)
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
